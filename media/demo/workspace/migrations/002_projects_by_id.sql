-- Projects get a table of their own; hours point to it.
create table projects (id integer primary key, name text not null);
alter table hours rename column project to project_id;
