-- AlterTable
ALTER TABLE "run_events" ADD COLUMN "emitted_id" INTEGER;

create unique index run_events_emitted_idx on run_events (run_id, execution, emitted_id) where emitted_id is not null;

comment on column run_events.emitted_id is 'The sender''s own number of an emitted item in its execution: sent again, it is stored once.';
