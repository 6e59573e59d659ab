-- CreateTable
CREATE TABLE "session_compactions" (
    "project_id" UUID NOT NULL,
    "session_id" TEXT NOT NULL,
    "through_position" INTEGER NOT NULL,
    "summary" TEXT NOT NULL,
    "tokens_before" BIGINT NOT NULL,
    "tokens_after" BIGINT NOT NULL,
    "run_id" UUID,
    "created_at" TIMESTAMPTZ(6) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "session_compactions_pkey" PRIMARY KEY ("project_id","session_id","through_position")
);

comment on table session_compactions is 'Summaries that stand for the first messages of a conversation, which stay; the farthest one counts.';
comment on column session_compactions.through_position is 'Position of the last message that it stands for.';
comment on column session_compactions.summary is 'As JSON text, which holds NUL characters too.';
comment on column session_compactions.tokens_before is 'Tokens of all messages that it stands for, as the agent counted them.';
comment on column session_compactions.tokens_after is 'Tokens of the summary itself.';
comment on column session_compactions.run_id is 'The run that made it; null: none.';
