# A program that does what its first argument says. Needs ruby-activerecord, ruby-pg, ruby-mysql2, ruby-redis and ruby-bunny.
what, url, *rest = ARGV
$stdout.sync = true
puts "=> Booting shop"
case what
when "query"
  require "active_record"
  ActiveRecord::Base.establish_connection(url)
  ActiveRecord::Base.connection.execute(rest[0])
when "migrate", "pending"
  require "active_record"
  ActiveRecord::Base.establish_connection(url)
  context = ActiveRecord::MigrationContext.new(rest[0], ActiveRecord::SchemaMigration)
  if what == "pending"
    raise ActiveRecord::PendingMigrationError if context.needs_migration?
  else
    ActiveRecord::Migration.verbose = true
    context.migrate
  end
when "pg"
  require "pg"
  PG.connect(url).exec(rest[0])
when "mysql2"
  require "mysql2"
  require "uri"
  u = URI(url)
  Mysql2::Client.new(host: u.host, port: u.port, username: u.user, password: u.password, database: u.path[1..], connect_timeout: 4).query(rest[0])
when "redis"
  require "redis"
  Redis.new(url: url, reconnect_attempts: 0).ping
when "bunny"
  require "bunny"
  Bunny.new(url, recover_from_connection_close: false, automatically_recover: false, connection_timeout: 3).start
end
