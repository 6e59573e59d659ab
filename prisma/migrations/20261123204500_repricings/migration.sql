-- CreateTable
CREATE TABLE "repricings" (
    "id" UUID NOT NULL,
    "project_id" UUID NOT NULL,
    "from_time" TIMESTAMPTZ(6) NOT NULL,
    "to_time" TIMESTAMPTZ(6) NOT NULL,
    "model" TEXT,
    "provider" TEXT,
    "overrides" JSONB NOT NULL,
    "position" JSONB,
    "page" INTEGER NOT NULL DEFAULT 0,
    "total" BIGINT NOT NULL DEFAULT 0,
    "done" BIGINT NOT NULL DEFAULT 0,
    "changed" BIGINT NOT NULL DEFAULT 0,
    "cost_delta" DECIMAL(38,12) NOT NULL DEFAULT 0,
    "status" TEXT NOT NULL DEFAULT 'running',
    "error" TEXT,
    "created_at" TIMESTAMPTZ(6) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "ended_at" TIMESTAMPTZ(6),

    CONSTRAINT "repricings_pkey" PRIMARY KEY ("id")
);

-- CreateIndex
CREATE INDEX "repricings_project_id_created_at_idx" ON "repricings"("project_id", "created_at");

create index repricings_running on repricings (created_at) where status = 'running';

comment on table repricings is 'Calls of a project that are priced again, page by page.';
comment on column repricings.overrides is 'The project''s own prices when it was asked for.';
comment on column repricings.position is 'Where the last page ended: { hour, traceId, spanId }; null before the first.';
