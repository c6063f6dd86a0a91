-- Commands with their one result, and desired and reported state.
create table commands (
  id text primary key,
  tenant text not null,
  device text not null references devices (id) on delete cascade,
  -- 1, 2, 3… per device
  number int not null,
  name text not null,
  params jsonb,
  state text not null,
  result jsonb,
  error text,
  requested_by text not null,
  created_at bigint not null,
  sent_at bigint,
  finished_at bigint,
  expires_at bigint not null,
  timeout bigint not null
);
create unique index commands_number on commands (device, number);
create index commands_open on commands (device, number) where state in ('queued', 'sent');

create table twins (
  device text primary key references devices (id) on delete cascade,
  tenant text not null,
  desired jsonb not null default '{}',
  desired_version int not null default 0,
  desired_at bigint,
  reported jsonb not null default '{}',
  reported_version int not null default 0,
  reported_at bigint,
  -- the desired version that the device last reported on
  reported_on int
);

alter table commands enable row level security;
alter table commands force row level security;
create policy tenant_rows on commands
  using (tenant = current_setting('app.tenant', true)) with check (tenant = current_setting('app.tenant', true));
alter table twins enable row level security;
alter table twins force row level security;
create policy tenant_rows on twins
  using (tenant = current_setting('app.tenant', true)) with check (tenant = current_setting('app.tenant', true));

grant select, insert, update, delete on commands, twins to millwright_app;
