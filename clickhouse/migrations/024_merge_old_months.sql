-- A month into which nothing comes any more becomes one part: FINAL then has nothing to do in it.
ALTER TABLE spans MODIFY SETTING min_age_to_force_merge_seconds = 21600, min_age_to_force_merge_on_partition_only = 1;
ALTER TABLE runs MODIFY SETTING min_age_to_force_merge_seconds = 21600, min_age_to_force_merge_on_partition_only = 1;
