-- Which runs a worker crashed with: its page asks. Written when one does, which is seldom.
create index executions_crashed on executions (worker_id, ended_at) where outcome = 'crashed';
