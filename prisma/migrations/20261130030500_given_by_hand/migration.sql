-- Outputs that a person chose are marked: beside what code gave they took no time and cost nothing. No row is written anew.
alter table steps add column given_by_hand boolean not null default false;
