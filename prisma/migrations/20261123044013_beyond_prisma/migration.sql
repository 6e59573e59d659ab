-- What schema.prisma can't say: the shared sequence, partial indexes, checks, storage, comments.

-- One order over steps, run events and state patches of a run, so that its event stream merges them by seq.
create sequence run_seq as bigint;
comment on sequence run_seq is 'Draws seq of steps, run_events and state_patches: one order in which an event stream resumes.';

-- Work that can be claimed. ready_at changes only with status, so checkpoints stay HOT.
create index runs_claimable on runs (project_id, agent, ready_at) where ready_at is not null;
-- Runs that a dead worker held. worker_id changes only with status.
create index runs_held on runs (worker_id) where status = 'running';
create index workers_alive on workers (lease_until) where ended_at is null;

alter table runs
  add constraint runs_status_check check (status in ('queued', 'running', 'waiting', 'paused', 'succeeded', 'failed', 'crashed', 'cancelled')),
  add constraint runs_control_check check (control in ('pause', 'cancel')),
  add constraint runs_recovery_mode_check check (recovery_mode in ('auto', 'manual')),
  add constraint runs_execution_check check (execution >= 0),
  add constraint runs_steps_done_check check (steps_done >= 0);
alter table executions
  add constraint executions_number_check check (number > 0),
  add constraint executions_outcome_check check (outcome in ('queued', 'running', 'waiting', 'paused', 'succeeded', 'failed', 'crashed', 'cancelled'));
alter table steps
  add constraint steps_status_check check (status in ('started', 'succeeded', 'failed', 'interrupted', 'unknown'));
alter table memberships
  add constraint memberships_role_check check (role in ('owner', 'member', 'viewer'));
alter table workers
  add constraint workers_end_reason_check check (end_reason in ('goodbye', 'lost', 'expired'));
alter table api_keys
  add constraint api_keys_hash_check check (octet_length(hash) = 32);
alter table blobs
  add constraint blobs_hash_check check (octet_length(hash) = 32);
alter table few_shot_examples
  add constraint few_shot_examples_life_check check (removed_in > added_in);

-- Room on the page for HOT updates of the rows that change all the time.
alter table runs set (fillfactor = 70, autovacuum_vacuum_scale_factor = 0.02, autovacuum_vacuum_threshold = 1000);
alter table workers set (fillfactor = 50, autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 500);
alter table steps set (fillfactor = 90, autovacuum_analyze_scale_factor = 0.02);
-- Append-only: freeze on the way, so that no late vacuum has to read all of it.
alter table run_events set (autovacuum_vacuum_insert_scale_factor = 0.05, autovacuum_analyze_scale_factor = 0.02);
alter table state_patches set (autovacuum_vacuum_insert_scale_factor = 0.05);

-- zstd already: compressing it again costs time and saves nothing.
alter table blobs alter column data set storage external;
-- lz4 compresses JSON five times as fast as pglz; a Postgres built without it keeps pglz.
do $$
begin
  alter table steps alter column output set compression lz4;
  alter table run_values alter column input set compression lz4, alter column output set compression lz4;
  alter table state_patches alter column patch set compression lz4;
  alter table run_events alter column data set compression lz4;
  alter table session_messages alter column content set compression lz4;
  alter table sessions alter column state set compression lz4;
  alter table signals alter column payload set compression lz4;
  alter table few_shot_examples alter column input set compression lz4, alter column output set compression lz4, alter column messages set compression lz4;
exception when feature_not_supported or invalid_parameter_value then
  raise notice 'this Postgres has no lz4: values are compressed by pglz';
end
$$;

comment on table organizations is 'Owners of projects; people belong to them by memberships.';
comment on table projects is 'What keys, runs and few-shot sets belong to. Every query on runs carries a project id.';
comment on table api_keys is 'Keys of programs. A key is shown once; only its SHA-256 is kept.';
comment on column api_keys.prefix is 'First characters of the key, to tell keys apart.';
comment on column api_keys.hash is 'SHA-256 of the whole key.';
comment on table users is 'People who sign in.';
comment on table auth_sessions is 'Signed-in browsers.';
comment on table auth_accounts is 'How a person signs in: a password hash, or an account elsewhere.';
comment on table auth_verifications is 'Pending confirmations of an e-mail address.';
comment on table memberships is 'Who belongs to an organisation, and as what.';
comment on table runs is 'One invocation of an agent: narrow, updated often, its large values in run_values.';
comment on column runs.execution is 'Fencing token: raised by every claim, in the same statement; 0 before the first.';
comment on column runs.control is 'pause or cancel, asked for by a person and not yet obeyed.';
comment on column runs.ready_at is 'When a worker may claim it; null: not claimable.';
comment on column runs.stalled_crashes is 'Crashes in a row without a new checkpoint.';
comment on column runs.recovery_backoff_ms is 'First wait before a takeover, in milliseconds.';
comment on column runs.steps_total is 'How many steps a whole run takes, where the agent declares it.';
comment on column runs.error_group is 'Fingerprint of the cause: runs that died alike share it.';
comment on table run_values is 'The large and rarely read parts of a run: encoded values as JSON text.';
comment on column run_values.input_blob is 'Hash of the blob that holds the input, where it is large; input is null then.';
comment on table executions is 'One stretch of a run in one process.';
comment on column executions.number is 'Its fencing token: runs.execution while it goes on.';
comment on column executions.actor is 'Who asked for it; null for a first start and for automatic recovery.';
comment on column executions.saved_usd is 'US dollars of the steps replayed; null until known.';
comment on table steps is 'Checkpoints: the stored outcome of each step of a run.';
comment on column steps.key is 'Scope path, name and occurrence: what replay matches by.';
comment on column steps.seq is 'From run_seq, drawn anew when the outcome is stored.';
comment on column steps.status is 'started, succeeded, failed, interrupted (its worker died) or unknown (an effect whose outcome nobody knows).';
comment on column steps.output is 'Encoded value as JSON text; null where it lies in output_blob.';
comment on column steps.error is 'JSON of the stored error.';
comment on table state_patches is 'Changes of run.state, in order: RFC 6902 over the encoded state.';
comment on table run_events is 'Append-only log of a run: what the event stream replays.';
comment on column run_events.data is 'JSON of the fields of this type of event.';
comment on table blobs is 'Content-addressed bytes, stored once in a project, compressed by zstd.';
comment on column blobs.hash is 'SHA-256 of the bytes before compression.';
comment on column blobs.bytes is 'Length before compression.';
comment on table artifacts is 'Named blobs that runs made.';
comment on table signals is 'Named messages to runs, kept until a step takes them.';
comment on column signals.consumed_by is 'Key of the step that took it; null while it waits.';
comment on table workers is 'Processes that serve agents; ended ones stay for the page.';
comment on column workers.lease_until is 'By this server''s clock; past it, the runs held are crashed.';
comment on table sessions is 'Conversations: state and messages that outlive a run.';
comment on column sessions.version is 'Raised by every change of state or messages; a write names the one it read.';
comment on table session_messages is 'Messages of a conversation, in order from 0.';
comment on table few_shot_sets is 'Named, curated, versioned sets of examples.';
comment on column few_shot_sets.version is 'Raised by every change of its examples.';
comment on table few_shot_versions is 'Who changed a set, and how: one row a version.';
comment on table few_shot_examples is 'An example lives from added_in until removed_in: a version is the examples alive at it.';
comment on column few_shot_examples.position is 'Place in the set, ascending; gaps mean nothing.';
comment on table price_overrides is 'A project''s own prices of models, before the public list.';
comment on column price_overrides.prices is 'US dollars a million tokens, by part of usage.';
