-- Devices, their connection state, and what could not be stored of what they sent.
create table devices (
  id text primary key,
  tenant text not null,
  name text not null,
  equipment text,
  -- ids from the root to the equipment, for access checks and lists; kept in step with the asset tree
  path text[] not null default '{}',
  gateway boolean not null default false,
  -- the gateway that speaks for it
  behind text references devices (id) on delete set null,
  unknown_metrics text not null default 'create',
  state text not null default 'created',
  simulated boolean not null default false,
  metadata jsonb not null default '{}',
  created_at bigint not null,
  version int not null default 1
);
create unique index devices_name on devices (tenant, lower(name));
create index devices_list on devices (tenant, id);
create index devices_path on devices using gin (path);
create index devices_equipment on devices (equipment);
create index devices_behind on devices (behind);

create table device_connections (
  device text primary key references devices (id) on delete cascade,
  tenant text not null,
  state text not null,
  protocol text,
  address text,
  since bigint,
  last_message_at bigint,
  reason text
);
create index device_connections_state on device_connections (state);

create table dead_letters (
  id text primary key,
  tenant text not null,
  -- no reference: what a removed device sent stays until its time is over
  device text,
  device_name text,
  source text not null,
  code text not null,
  reason text not null,
  size int not null,
  payload bytea not null,
  count int not null,
  time bigint not null,
  -- alike ones of one minute are one row
  minute bigint not null
);
create unique index dead_letters_alike on dead_letters (tenant, device, minute, source, code, reason);
create index dead_letters_list on dead_letters (tenant, id);
create index dead_letters_device on dead_letters (device, id);
create index dead_letters_time on dead_letters (time);

alter table devices enable row level security;
alter table devices force row level security;
create policy tenant_rows on devices
  using (tenant = current_setting('app.tenant', true)) with check (tenant = current_setting('app.tenant', true));
alter table device_connections enable row level security;
alter table device_connections force row level security;
create policy tenant_rows on device_connections
  using (tenant = current_setting('app.tenant', true)) with check (tenant = current_setting('app.tenant', true));
alter table dead_letters enable row level security;
alter table dead_letters force row level security;
create policy tenant_rows on dead_letters
  using (tenant = current_setting('app.tenant', true)) with check (tenant = current_setting('app.tenant', true));

grant select, insert, update, delete on devices, device_connections, dead_letters to millwright_app;
