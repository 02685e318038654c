// A program that does what its first argument says with the URL in its second.
package main

import (
	"context"
	"database/sql"
	"fmt"
	"log"
	"os"
	"time"

	"github.com/golang-migrate/migrate/v4"
	_ "github.com/golang-migrate/migrate/v4/database/mysql"
	_ "github.com/golang-migrate/migrate/v4/database/pgx/v5"
	_ "github.com/golang-migrate/migrate/v4/database/postgres"
	_ "github.com/golang-migrate/migrate/v4/source/file"
	_ "github.com/go-sql-driver/mysql"
	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"
	_ "github.com/jackc/pgx/v5/stdlib"
	_ "github.com/lib/pq"
	"github.com/pressly/goose/v3"
	amqp "github.com/rabbitmq/amqp091-go"
	"github.com/redis/go-redis/v9"
	"github.com/segmentio/kafka-go"
	"go.mongodb.org/mongo-driver/mongo"
	"go.mongodb.org/mongo-driver/mongo/options"
	gormmysql "gorm.io/driver/mysql"
	"gorm.io/driver/postgres"
	"gorm.io/gorm"
)

func main() {
	what, url, rest := os.Args[1], os.Args[2], os.Args[3:]
	log.Printf("orders 1.4.0 starting")
	ctx, cancel := context.WithTimeout(context.Background(), 8*time.Second)
	defer cancel()
	var err error
	switch what {
	case "migrate":
		var m *migrate.Migrate
		if m, err = migrate.New("file://"+rest[0], url); err == nil {
			m.LockTimeout = 3 * time.Second
			err = m.Up()
		}
		if err != nil {
			log.Fatalf("failed to run migrations: %v", err)
		}
	case "goose":
		var db *sql.DB
		if db, err = goose.OpenDBWithDriver("postgres", url); err == nil {
			err = goose.Up(db, rest[0])
		}
		if err != nil {
			log.Fatalf("goose: %v", err)
		}
	case "pgx":
		var c *pgx.Conn
		if c, err = pgx.Connect(ctx, url); err == nil {
			_, err = c.Exec(ctx, rest[0])
		}
		if err != nil {
			fmt.Fprintf(os.Stderr, "Unable to connect to database: %v\n", err)
			os.Exit(1)
		}
	case "pgxpool":
		var p *pgxpool.Pool
		if p, err = pgxpool.New(ctx, url); err == nil {
			err = p.Ping(ctx)
		}
		if err != nil {
			panic(err)
		}
	case "pq", "mysql":
		driver := map[string]string{"pq": "postgres", "mysql": "mysql"}[what]
		var db *sql.DB
		if db, err = sql.Open(driver, url); err == nil {
			_, err = db.ExecContext(ctx, rest[0])
		}
		if err != nil {
			log.Fatal(err)
		}
	case "gorm":
		var db *gorm.DB
		if db, err = gorm.Open(postgres.Open(url), &gorm.Config{}); err == nil {
			err = db.Exec(rest[0]).Error
		}
		if err != nil {
			panic("failed to connect database")
		}
	case "gorm-mysql":
		if _, err = gorm.Open(gormmysql.Open(url), &gorm.Config{}); err != nil {
			panic(err)
		}
	case "redis":
		var opts *redis.Options
		if opts, err = redis.ParseURL(url); err == nil {
			err = redis.NewClient(opts).Ping(ctx).Err()
		}
		if err != nil {
			log.Fatalf("redis: %v", err)
		}
	case "amqp":
		if _, err = amqp.Dial(url); err != nil {
			log.Panicf("Failed to connect to RabbitMQ: %s", err)
		}
	case "kafka":
		if _, err = kafka.DialLeader(ctx, "tcp", url, "orders", 0); err != nil {
			log.Fatal("failed to dial leader:", err)
		}
	case "mongo":
		var c *mongo.Client
		if c, err = mongo.Connect(ctx, options.Client().ApplyURI(url).SetServerSelectionTimeout(3*time.Second)); err == nil {
			err = c.Ping(ctx, nil)
		}
		if err != nil {
			log.Fatal(err)
		}
	}
}
