-- What happened on the platform, for people to look back on (alarms have their own journal).
create table events (
  id text primary key,
  tenant text not null,
  time bigint not null,
  type text not null,
  subject text not null,
  data jsonb not null
);
create index events_time on events (tenant, time desc, id desc);
create index events_subject on events (tenant, subject, time desc);
alter table events enable row level security;
alter table events force row level security;
create policy tenant_rows on events
  using (tenant = current_setting('app.tenant', true)) with check (tenant = current_setting('app.tenant', true));
grant select, insert, delete on events to millwright_app;
