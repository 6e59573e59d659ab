-- AlterTable
ALTER TABLE "projects" ADD COLUMN     "keep_other_days" INTEGER NOT NULL DEFAULT 90,
ADD COLUMN     "keep_succeeded_days" INTEGER NOT NULL DEFAULT 30;

-- Whose time has come.
create index runs_ended on runs (ended_at) where parent_run_id is null and status in ('succeeded', 'failed', 'crashed', 'cancelled');
-- Who else refers to a blob.
create index run_values_input_blob on run_values (input_blob) where input_blob is not null;
create index run_values_output_blob on run_values (output_blob) where output_blob is not null;
create index steps_output_blob on steps (output_blob) where output_blob is not null;
create index step_cache_output_blob on step_cache (output_blob) where output_blob is not null;
CREATE INDEX "artifacts_hash_idx" ON "artifacts"("hash");

comment on column projects.keep_succeeded_days is 'Days after its end that a run which succeeded is kept.';
comment on column projects.keep_other_days is 'The same of one that failed, crashed or was cancelled.';
