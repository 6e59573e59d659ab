-- A step of effect "once" is marked as started before its body runs; what to do if that is all that is known of it.
alter table steps
  add column on_interrupted text,
  add constraint steps_on_interrupted_check check (on_interrupted in ('rerun', 'ask', 'fail'));
