-- CreateIndex
CREATE INDEX "runs_forked_from_run_id_idx" ON "runs"("forked_from_run_id");
