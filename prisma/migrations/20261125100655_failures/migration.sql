-- CreateTable
CREATE TABLE "failure_decisions" (
    "project_id" UUID NOT NULL,
    "error_group" TEXT NOT NULL,
    "state" TEXT NOT NULL,
    "actor" TEXT,
    "note" TEXT,
    "decided_at" TIMESTAMPTZ(6) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "in_version" TEXT,
    "old_versions" TEXT[] DEFAULT ARRAY[]::TEXT[],
    "until_time" TIMESTAMPTZ(6),
    "until_count" INTEGER,
    "regressed_at" TIMESTAMPTZ(6),

    CONSTRAINT "failure_decisions_pkey" PRIMARY KEY ("project_id","error_group")
);

-- CreateTable
CREATE TABLE "failure_merges" (
    "project_id" UUID NOT NULL,
    "error_group" TEXT NOT NULL,
    "parent_group" TEXT NOT NULL,
    "actor" TEXT,
    "merged_at" TIMESTAMPTZ(6) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "failure_merges_pkey" PRIMARY KEY ("project_id","error_group")
);

-- CreateTable
CREATE TABLE "failure_changes" (
    "id" UUID NOT NULL,
    "project_id" UUID NOT NULL,
    "error_group" TEXT NOT NULL,
    "change" TEXT NOT NULL,
    "actor" TEXT,
    "note" TEXT,
    "details" TEXT NOT NULL DEFAULT '{}',
    "at" TIMESTAMPTZ(6) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "failure_changes_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "fingerprint_rules" (
    "project_id" UUID NOT NULL,
    "rules" JSONB NOT NULL,
    "actor" TEXT,
    "updated_at" TIMESTAMPTZ(6) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "fingerprint_rules_pkey" PRIMARY KEY ("project_id")
);

-- CreateIndex
CREATE INDEX "failure_merges_project_id_parent_group_idx" ON "failure_merges"("project_id", "parent_group");

-- CreateIndex
CREATE INDEX "failure_changes_project_id_error_group_at_idx" ON "failure_changes"("project_id", "error_group", "at");

comment on table failure_decisions is 'What people decided about a group of failures last; none: it is open.';
comment on column failure_decisions.actor is 'Null: the collector, which saw it fail again.';
comment on column failure_decisions.old_versions is 'With in_version: versions that had failed so until then; that they fail again says nothing.';
comment on column failure_decisions.until_count is 'With muted: so many failures after decided_at end it.';
comment on column failure_decisions.regressed_at is 'With open: it had been resolved, and failed again then.';
comment on table failure_merges is 'Groups of failures that count as parts of another one; taking a row away takes them apart again.';
comment on table failure_changes is 'Append-only history of groups of failures.';
comment on table fingerprint_rules is 'How fingerprints of a project''s errors are made from now on; none: the usual way.';
