-- The asset tree (ISA-95), equipment classes, and the signals that hang on equipment.
create table equipment_classes (
  id text primary key,
  tenant text not null,
  name text not null,
  description text not null default '',
  signals jsonb not null,
  created_at bigint not null,
  version int not null default 1
);
create unique index equipment_classes_name on equipment_classes (tenant, lower(name));

create table assets (
  id text primary key,
  tenant text not null,
  parent text references assets (id),
  -- ids from the root to this node, this one included: what grants and shares are checked against
  path text[] not null,
  level text not null,
  name text not null,
  description text not null default '',
  equipment_class text references equipment_classes (id),
  metadata jsonb not null default '{}',
  position jsonb,
  created_at bigint not null,
  version int not null default 1
);
create unique index assets_name on assets (tenant, coalesce(parent, ''), lower(name));
create index assets_path on assets using gin (path);
create index assets_class on assets (equipment_class);

create table signals (
  -- names the signal on the hot path and in the historian, platform-wide
  key int generated always as identity primary key,
  id text not null unique,
  tenant text not null,
  name text not null,
  kind text not null,
  unit text not null,
  description text not null default '',
  equipment text references assets (id) on delete set null,
  -- who sends it now; a replaced device goes on with the same signal
  device text,
  min double precision,
  max double precision,
  max_rate double precision,
  stale_after bigint,
  flat_after bigint,
  retention text not null default 'standard',
  simulated boolean not null default false,
  created_at bigint not null,
  version int not null default 1
);
create unique index signals_of_equipment on signals (equipment, name) where equipment is not null;
create unique index signals_of_device on signals (device, name) where equipment is null and device is not null;
create index signals_device on signals (device);
create index signals_tenant on signals (tenant, id);

alter table equipment_classes enable row level security;
alter table equipment_classes force row level security;
create policy tenant_rows on equipment_classes
  using (tenant = current_setting('app.tenant', true)) with check (tenant = current_setting('app.tenant', true));
alter table assets enable row level security;
alter table assets force row level security;
create policy tenant_rows on assets
  using (tenant = current_setting('app.tenant', true)) with check (tenant = current_setting('app.tenant', true));
alter table signals enable row level security;
alter table signals force row level security;
create policy tenant_rows on signals
  using (tenant = current_setting('app.tenant', true)) with check (tenant = current_setting('app.tenant', true));
grant select, insert, update, delete on equipment_classes, assets, signals to millwright_app;
