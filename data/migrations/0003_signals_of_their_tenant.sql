-- A signal hangs on its own tenant's equipment: a foreign key is not held to row-level security, so it says so itself.
alter table assets add constraint assets_of_tenant unique (tenant, id);
alter table signals drop constraint signals_equipment_fkey;
alter table signals add constraint signals_equipment
  foreign key (tenant, equipment) references assets (tenant, id) on delete set null (equipment);
