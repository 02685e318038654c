<?php
// A program that does what its first argument says. Needs php-pgsql, php-mysql, php-laravel-framework and php-doctrine-dbal.
[, $what, $url, $sql] = $argv + [3 => 'select 1'];
fwrite(STDOUT, "starting shop\n");
$u = parse_url($url);
$name = ltrim($u['path'], '/');
if ($what === 'pdo') {
    $dsn = ($u['scheme'] === 'mysql' ? 'mysql' : 'pgsql') . ":host={$u['host']};port={$u['port']};dbname=$name";
    $pdo = new PDO($dsn, $u['user'], $u['pass'] ?? '');
    $pdo->exec($sql);
} elseif ($what === 'mysqli') {
    $connection = mysqli_connect($u['host'], $u['user'], $u['pass'] ?? '', $name, $u['port']);
    mysqli_query($connection, $sql);
} elseif ($what === 'doctrine') {
    require 'Doctrine/DBAL/autoload.php';
    $connection = Doctrine\DBAL\DriverManager::getConnection(['driver' => $u['scheme'] === 'mysql' ? 'pdo_mysql' : 'pdo_pgsql', 'host' => $u['host'], 'port' => $u['port'], 'user' => $u['user'], 'password' => $u['pass'] ?? '', 'dbname' => $name]);
    $connection->executeStatement($sql);
} elseif ($what === 'laravel' || $what === 'laravel-migrate') {
    require 'Illuminate/autoload.php';
    $capsule = new Illuminate\Database\Capsule\Manager();
    $capsule->addConnection(['driver' => $u['scheme'] === 'mysql' ? 'mysql' : 'pgsql', 'host' => $u['host'], 'port' => $u['port'], 'username' => $u['user'], 'password' => $u['pass'] ?? '', 'database' => $name, 'charset' => 'utf8', 'prefix' => '']);
    $capsule->setAsGlobal();
    $capsule->bootEloquent();
    if ($what === 'laravel') {
        $capsule->getConnection()->statement($sql);
    } else {
        $repository = new Illuminate\Database\Migrations\DatabaseMigrationRepository($capsule->getDatabaseManager(), 'migrations');
        $repository->setSource('default');
        if (!$repository->repositoryExists()) {
            $repository->createRepository();
        }
        Illuminate\Support\Facades\Facade::setFacadeApplication(['db' => $capsule->getDatabaseManager(), 'db.schema' => $capsule->schema()]);
        $migrator = new Illuminate\Database\Migrations\Migrator($repository, $capsule->getDatabaseManager(), new Illuminate\Filesystem\Filesystem());
        $migrator->setOutput(new Symfony\Component\Console\Output\StreamOutput(STDOUT));
        $migrator->run([$sql]);
    }
}
