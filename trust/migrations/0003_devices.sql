-- Every certificate the built-in authority has given a device.
create table certificates (
  serial text primary key,
  tenant text not null,
  device text not null,
  subject text not null,
  fingerprint text not null,
  not_before bigint not null,
  not_after bigint not null,
  revoked_at bigint,
  revocation_reason text
);
create index certificates_device on certificates (tenant, device, not_after);
create index certificates_revoked on certificates (not_after) where revoked_at is not null;

-- One-time tokens for a first certificate; a row is taken away when it is used.
create table enrolment_tokens (
  hash text primary key,
  tenant text not null,
  device text not null,
  created_at bigint not null,
  expires_at bigint not null
);
create index enrolment_tokens_device on enrolment_tokens (tenant, device);

-- Access tokens of devices that cannot hold a certificate; one for each device at the most.
create table device_tokens (
  device text primary key,
  tenant text not null,
  hash text not null unique,
  created_at bigint not null
);

do $$
declare
  name text;
begin
  foreach name in array array['certificates', 'enrolment_tokens', 'device_tokens']
  loop
    execute format('alter table %I enable row level security', name);
    execute format('alter table %I force row level security', name);
    execute format('create policy tenant_rows on %I using (tenant = current_setting(''app.tenant'', true))
      with check (tenant = current_setting(''app.tenant'', true))', name);
    execute format('grant select, insert, update, delete on %I to millwright_app', name);
  end loop;
end $$;
