-- Runs that begin by themselves.
-- CreateTable
CREATE TABLE "schedules" (
    "project_id" UUID NOT NULL,
    "name" TEXT NOT NULL,
    "agent" TEXT NOT NULL,
    "version" TEXT,
    "cron" TEXT NOT NULL,
    "timezone" TEXT NOT NULL,
    "input" TEXT NOT NULL,
    "priority" INTEGER NOT NULL DEFAULT 0,
    "concurrency_key" TEXT,
    "rate_limit_key" TEXT,
    "catch_up" BOOLEAN NOT NULL,
    "paused" BOOLEAN NOT NULL DEFAULT false,
    "next_at" TIMESTAMPTZ(6),
    "last_at" TIMESTAMPTZ(6),
    "last_run_id" UUID,
    "created_at" TIMESTAMPTZ(6) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "updated_at" TIMESTAMPTZ(6) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "schedules_pkey" PRIMARY KEY ("project_id","name")
);

create index schedules_due on schedules (next_at) where next_at is not null and not paused;

comment on table schedules is 'When runs of an agent begin by themselves.';
comment on column schedules.timezone is 'IANA name of the zone that the expression is read in.';
comment on column schedules.input is 'Encoded value as JSON text.';
comment on column schedules.catch_up is 'Whether one run makes up for the times that were missed while no collector ran.';
comment on column schedules.next_at is 'Null: no time to come. While paused it says nothing.';
comment on column schedules.last_at is 'The last time that a run was made for.';
