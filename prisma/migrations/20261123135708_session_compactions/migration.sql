-- CreateTable
CREATE TABLE "session_compactions" (
    "project_id" UUID NOT NULL,
    "session_id" TEXT NOT NULL,
    "through_position" INTEGER NOT NULL,
    "summary" TEXT NOT NULL,
    "tokens_before" INTEGER NOT NULL,
    "tokens_after" INTEGER NOT NULL,
    "run_id" UUID,
    "created_at" TIMESTAMPTZ(6) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "session_compactions_pkey" PRIMARY KEY ("project_id","session_id","through_position")
);

comment on table session_compactions is 'What stands for the first messages of a session in the context of a model; the messages stay.';
comment on column session_compactions.through_position is 'Position of the last message that it stands for.';
comment on column session_compactions.tokens_before is 'Tokens of all messages that it stands for, by the count of who made it.';
