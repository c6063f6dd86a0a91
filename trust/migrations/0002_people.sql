create table tenants (
  id text primary key,
  tenant text not null check (tenant = id),
  name text not null,
  -- The first tenant's administrators run the platform.
  first boolean not null default false,
  created_at bigint not null,
  version int not null default 1
);
create unique index tenants_one_first on tenants (first) where first;

create table users (
  id text primary key,
  tenant text not null references tenants (id),
  -- Lower case; one account per address on the platform, because people sign in without naming a tenant.
  email text not null unique,
  name text not null,
  state text not null check (state in ('invited', 'active', 'disabled')),
  -- argon2id in PHC string form.
  password text,
  created_at bigint not null,
  last_sign_in_at bigint,
  version int not null default 1,
  unique (tenant, id)
);
create index users_by_name on users (tenant, name, id);

-- One-time links, passwords' way in; only the SHA-256 of the token is kept.
create table sign_in_links (
  hash text primary key,
  tenant text not null,
  user_id text not null,
  created_at bigint not null,
  expires_at bigint not null,
  foreign key (tenant, user_id) references users (tenant, id) on delete cascade
);
create index sign_in_links_user on sign_in_links (tenant, user_id);

create table sessions (
  hash text primary key,
  id text not null unique,
  tenant text not null,
  user_id text not null,
  created_at bigint not null,
  seen_at bigint not null,
  expires_at bigint not null,
  address text not null,
  must_set_password boolean not null,
  foreign key (tenant, user_id) references users (tenant, id) on delete cascade
);
create index sessions_user on sessions (tenant, user_id, created_at);
create index sessions_expiry on sessions (expires_at);

create table api_tokens (
  id text primary key,
  hash text not null unique,
  tenant text not null,
  user_id text not null,
  name text not null,
  permissions jsonb not null,
  created_at bigint not null,
  expires_at bigint not null,
  last_used_at bigint,
  revoked_at bigint,
  foreign key (tenant, user_id) references users (tenant, id) on delete cascade
);
create index api_tokens_user on api_tokens (tenant, user_id, id);

create table roles (
  id text primary key,
  tenant text not null references tenants (id),
  name text not null,
  description text not null,
  -- The key of a built-in role; its permissions follow the program's version.
  built_in text,
  permissions jsonb not null,
  version int not null default 1,
  unique (tenant, id),
  unique (tenant, name),
  unique (tenant, built_in)
);

create table grants (
  id text primary key,
  tenant text not null,
  user_id text not null,
  role text not null,
  -- An asset node; null: the whole tenant.
  node text,
  created_at bigint not null,
  foreign key (tenant, user_id) references users (tenant, id) on delete cascade,
  foreign key (tenant, role) references roles (tenant, id)
);
create unique index grants_once on grants (tenant, user_id, role, coalesce(node, '*'));
create index grants_role on grants (tenant, role);
create index grants_node on grants (tenant, node);

-- What one tenant (the row's tenant) shows another (the partner).
create table shares (
  id text primary key,
  tenant text not null references tenants (id),
  partner text not null references tenants (id) check (partner <> tenant),
  node text not null,
  signals jsonb not null,
  purpose text not null,
  created_at bigint not null,
  until bigint,
  revoked_at bigint
);
create index shares_owner on shares (tenant, id);
create index shares_partner on shares (partner, id);

-- Failed sign-ins, by account and by address; belongs to no tenant, because who asks is not known yet.
create table sign_in_failures (
  key text primary key,
  tenant text not null default '',
  failures int not null,
  updated_at bigint not null,
  blocked_until bigint not null
);
create index sign_in_failures_age on sign_in_failures (updated_at);

-- Where an account was signed in from before: there its owner is counted apart from strangers who guess.
create table known_addresses (
  tenant text not null,
  user_id text not null,
  address text not null,
  seen_at bigint not null,
  primary key (user_id, address),
  foreign key (tenant, user_id) references users (tenant, id) on delete cascade
);

do $$
declare
  name text;
begin
  foreach name in array array['tenants', 'users', 'sign_in_links', 'sessions', 'api_tokens', 'roles', 'grants',
    'sign_in_failures', 'known_addresses']
  loop
    execute format('alter table %I enable row level security', name);
    execute format('alter table %I force row level security', name);
    execute format('create policy tenant_rows on %I using (tenant = current_setting(''app.tenant'', true))
      with check (tenant = current_setting(''app.tenant'', true))', name);
    execute format('grant select, insert, update, delete on %I to millwright_app', name);
  end loop;
end $$;
-- Before anybody is known there is no tenant to be: these two are the system's alone.
revoke all on sign_in_failures, known_addresses from millwright_app;

alter table shares enable row level security;
alter table shares force row level security;
create policy tenant_rows on shares using (tenant = current_setting('app.tenant', true))
  with check (tenant = current_setting('app.tenant', true));
-- The partner may see what it is shown, and change nothing.
create policy partner_sees on shares for select using (partner = current_setting('app.tenant', true));
grant select, insert, update, delete on shares to millwright_app;
