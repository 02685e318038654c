//! A program that does what its first argument says with the URL in its second.
use anyhow::Context;
use std::time::Duration;

#[tokio::main]
async fn main() -> anyhow::Result<()> {
    let args: Vec<String> = std::env::args().collect();
    let (what, url) = (args[1].as_str(), args[2].as_str());
    println!("{{\"level\":\"INFO\",\"message\":\"starting orders\"}}");
    match what {
        "migrate" => {
            let pool = sqlx::postgres::PgPoolOptions::new().acquire_timeout(Duration::from_secs(4)).connect(url).await.context("connecting to database")?;
            let migrator = sqlx::migrate::Migrator::new(std::path::Path::new(&args[3])).await?;
            migrator.run(&pool).await.context("running migrations")?;
        }
        "migrate-unwrap" => {
            let pool = sqlx::PgPool::connect(url).await.expect("database");
            sqlx::migrate::Migrator::new(std::path::Path::new(&args[3])).await.unwrap().run(&pool).await.unwrap();
        }
        "sqlx" => {
            let pool = sqlx::postgres::PgPoolOptions::new().acquire_timeout(Duration::from_secs(4)).connect(url).await?;
            sqlx::query(&args[3]).execute(&pool).await?;
        }
        "sqlx-mysql" => {
            let pool = sqlx::mysql::MySqlPoolOptions::new().acquire_timeout(Duration::from_secs(4)).connect(url).await?;
            sqlx::query(&args[3]).execute(&pool).await?;
        }
        "tokio-postgres" => {
            let (client, connection) = tokio_postgres::connect(url, tokio_postgres::NoTls).await?;
            tokio::spawn(connection);
            client.batch_execute(&args[3]).await?;
        }
        "tokio-postgres-unwrap" => {
            let (client, connection) = tokio_postgres::connect(url, tokio_postgres::NoTls).await.unwrap();
            tokio::spawn(connection);
            client.batch_execute(&args[3]).await.unwrap();
        }
        "redis" => {
            let client = redis::Client::open(url)?;
            let mut connection = client.get_connection()?;
            redis::cmd("PING").query::<String>(&mut connection)?;
        }
        other => anyhow::bail!("unknown {other}"),
    }
    Ok(())
}
