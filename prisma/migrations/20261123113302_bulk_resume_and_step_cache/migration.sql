-- CreateTable
CREATE TABLE "bulk_resumes" (
    "id" UUID NOT NULL,
    "project_id" UUID NOT NULL,
    "actor" TEXT,
    "reason" TEXT,
    "per_second" DOUBLE PRECISION NOT NULL,
    "run_ids" UUID[],
    "resumed" INTEGER NOT NULL DEFAULT 0,
    "skipped" INTEGER NOT NULL DEFAULT 0,
    "failed" INTEGER NOT NULL DEFAULT 0,
    "errors" TEXT NOT NULL DEFAULT '[]',
    "next_at" TIMESTAMPTZ(6) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "created_at" TIMESTAMPTZ(6) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "ended_at" TIMESTAMPTZ(6),

    CONSTRAINT "bulk_resumes_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "step_cache" (
    "project_id" UUID NOT NULL,
    "key_hash" BYTEA NOT NULL,
    "output" TEXT,
    "output_blob" BYTEA,
    "run_id" UUID NOT NULL,
    "step_key" TEXT NOT NULL,
    "created_at" TIMESTAMPTZ(6) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "expires_at" TIMESTAMPTZ(6) NOT NULL,

    CONSTRAINT "step_cache_pkey" PRIMARY KEY ("project_id","key_hash")
);

-- CreateIndex
CREATE INDEX "step_cache_expires_at_idx" ON "step_cache"("expires_at");

create index bulk_resumes_due on bulk_resumes (next_at) where ended_at is null;

comment on table bulk_resumes is 'Runs that are resumed one after another, so many a second.';
comment on column bulk_resumes.run_ids is 'In the order in which they are resumed; resumed + skipped + failed of them are done.';
comment on column bulk_resumes.errors is 'The first failures: { runId, message }[] as JSON text.';
comment on table step_cache is 'Outputs of steps that other runs of the project may use.';
comment on column step_cache.key_hash is 'SHA-256 of the cache key.';
comment on column step_cache.run_id is 'With step_key: who made it; what that had cost is what a hit saves.';
