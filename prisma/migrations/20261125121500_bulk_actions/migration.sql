-- AlterTable
ALTER TABLE "bulk_resumes" ADD COLUMN     "action" TEXT NOT NULL DEFAULT 'resume',
ADD COLUMN     "example_ids" UUID[] DEFAULT ARRAY[]::UUID[],
ADD COLUMN     "set_name" TEXT,
ADD COLUMN     "starts_at" TIMESTAMPTZ(6) NOT NULL DEFAULT CURRENT_TIMESTAMP,
ADD COLUMN     "undone_at" TIMESTAMPTZ(6);

-- CreateTable
CREATE TABLE "saved_views" (
    "id" UUID NOT NULL,
    "project_id" UUID NOT NULL,
    "page" TEXT NOT NULL,
    "name" TEXT NOT NULL,
    "query" TEXT NOT NULL,
    "columns" TEXT[],
    "sort" TEXT NOT NULL,
    "created_by" TEXT,
    "created_at" TIMESTAMPTZ(6) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "updated_at" TIMESTAMPTZ(6) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "saved_views_pkey" PRIMARY KEY ("id")
);

-- CreateIndex
CREATE INDEX "bulk_resumes_project_id_created_at_idx" ON "bulk_resumes"("project_id", "created_at");

-- CreateIndex
CREATE UNIQUE INDEX "saved_views_project_id_page_name_key" ON "saved_views"("project_id", "page", "name");

ALTER TABLE "bulk_resumes" ADD CONSTRAINT "bulk_resumes_action_check" CHECK ("action" IN ('resume', 'cancel', 'promote'));
COMMENT ON TABLE "bulk_resumes" IS 'Something done to many runs one after another, so many a second: resume, cancel, promote.';
COMMENT ON COLUMN "bulk_resumes"."resumed" IS 'Runs that it was done to, whatever the action.';
COMMENT ON COLUMN "bulk_resumes"."starts_at" IS 'Nothing is touched before it: until then it can be taken back.';
COMMENT ON COLUMN "bulk_resumes"."example_ids" IS 'Of promote: examples that it made, which an undo removes.';
COMMENT ON TABLE "saved_views" IS 'Queries of a list that a project keeps under a name.';
