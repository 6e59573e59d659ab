-- Order and limits of claims; token buckets.
ALTER TABLE "runs" ADD COLUMN     "concurrency_key" TEXT,
ADD COLUMN     "priority" INTEGER NOT NULL DEFAULT 0,
ADD COLUMN     "rate_limit_key" TEXT;
comment on column runs.priority is 'Higher first among the runs that can be claimed.';
comment on column runs.concurrency_key is 'Runs of one key share the agent''s concurrency limit; null: with the others that have none.';
comment on column runs.rate_limit_key is 'Runs of one key share the agent''s rate limit; null: with the others that have none.';

-- In the order of claims.
drop index runs_claimable;
create index runs_claimable on runs (project_id, agent, priority desc, ready_at) where ready_at is not null;

CREATE TABLE "rate_limits" (
    "project_id" UUID NOT NULL,
    "key" TEXT NOT NULL,
    "full_at" TIMESTAMPTZ(6) NOT NULL,

    CONSTRAINT "rate_limits_pkey" PRIMARY KEY ("project_id","key")
);
-- One row updated by every take: room for it on its page.
alter table rate_limits set (fillfactor = 50, autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 500);
comment on table rate_limits is 'Token buckets as GCRA keeps them. A row whose time has passed says the same as none.';
comment on column rate_limits.key is '["step", key, limit, period] of steps, ["agent", name, key, limit, period] of starts of runs.';
comment on column rate_limits.full_at is 'When the bucket is full again: GCRA''s theoretical arrival time.';
