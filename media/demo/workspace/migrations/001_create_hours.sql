create table hours (
  day date not null,
  person text not null,
  project text not null,
  hours numeric not null
);
