-- Devices that take parts out when a quality service says so: an act of a person who may command them.
create table service_diverters (
  service text primary key references services (id) on delete cascade,
  tenant text not null,
  device text not null,
  device_name text not null,
  command text not null,
  set_by text not null,
  set_at bigint not null
);
alter table service_diverters enable row level security;
alter table service_diverters force row level security;
create policy tenant_rows on service_diverters
  using (tenant = current_setting('app.tenant', true)) with check (tenant = current_setting('app.tenant', true));
grant select, insert, update, delete on service_diverters to millwright_app;
