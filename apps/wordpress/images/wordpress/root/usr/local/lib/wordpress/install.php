<?php
// Waits for the database, and installs WordPress where it holds none. Any number of these may run at once; one that is
// interrupted is taken back by the next.
//
// Reads, beside the settings: WORDPRESS_TITLE, WORDPRESS_ADMIN_USER, WORDPRESS_ADMIN_EMAIL,
//                             WORDPRESS_ADMIN_PASSWORD  (or _FILE)
require_once '/usr/local/lib/wordpress/settings.php';

// Longer than an installation takes. A database does not see at once that the node of a lock's holder has died.
const LOCK_SECONDS = 900;

function say(string $text): void
{
    fwrite(STDERR, "wordpress: $text\n");
}

/** A connection to the database, as soon as there can be one. */
function connect(): mysqli
{
    [$host, $port] = explode(':', DB_HOST . ':3306');
    for ($said = '';; sleep(1)) {
        $db = mysqli_init();
        $db->options(MYSQLI_OPT_CONNECT_TIMEOUT, 5);
        try {
            $db->real_connect($host, DB_USER, DB_PASSWORD, DB_NAME, (int) $port);
            $db->set_charset(DB_CHARSET);
            return $db;
        } catch (mysqli_sql_exception $error) {
            if ($error->getMessage() !== $said) {
                $said = $error->getMessage();
                say("waiting for the database: $said");
            }
        }
    }
}

/** WordPress's tables by name; the mark of an installation that has not come to its end among them. */
function tables(mysqli $db, string $prefix): array
{
    $rows = $db->query('SHOW TABLES')->fetch_all();
    return array_filter(array_column($rows, 0), fn ($name) => str_starts_with($name, $prefix));
}

function is_installed(mysqli $db, string $prefix): bool
{
    $tables = tables($db, $prefix);
    return in_array("{$prefix}options", $tables) && !in_array("{$prefix}unfinished", $tables);
}

/** Ready for an installation: no tables but the mark. Tables that no mark tells of are somebody's data. */
function clear(mysqli $db, string $prefix): void
{
    $mark = "{$prefix}unfinished";
    $tables = tables($db, $prefix);
    if ($tables !== [] && !in_array($mark, $tables)) {
        say('database ' . DB_NAME . ": must hold all of WordPress's tables or none, holds some; drop or rename these: " . implode(', ', $tables));
        exit(1);
    }
    $db->query("CREATE TABLE IF NOT EXISTS `$mark` (mark INT)");
    foreach (array_diff($tables, [$mark]) as $table) {
        $db->query("DROP TABLE `$table`");
    }
}

function required(string $name): string
{
    $value = setting($name);
    if ($value === '') {
        say("$name: must be there where WordPress is to be installed");
        exit(1);
    }
    return $value;
}

// It would be mailed, and there is no mail.
function wp_new_blog_notification(): void
{
}

$db = connect();
if (is_installed($db, $table_prefix)) {
    exit(0);
}
$user = required('WORDPRESS_ADMIN_USER');
$email = required('WORDPRESS_ADMIN_EMAIL');
$password = required('WORDPRESS_ADMIN_PASSWORD');
$db->query('SET SESSION wait_timeout = ' . LOCK_SECONDS);
if ($db->query('SELECT GET_LOCK("wordpress-install", ' . LOCK_SECONDS . ')')->fetch_row()[0] !== '1') {
    say('another replica installs WordPress and has not come to an end');
    exit(1);
}
if (is_installed($db, $table_prefix)) {
    exit(0);
}

say('installing');
clear($db, $table_prefix);
define('WP_INSTALLING', true);
require '/var/www/html/wp-load.php';
require ABSPATH . 'wp-admin/includes/upgrade.php';
// It would ask itself for a page, and nobody serves yet.
add_filter('pre_http_request', fn () => new WP_Error('http_request_failed', 'not served yet'));
wp_install(setting('WORDPRESS_TITLE', 'WordPress'), $user, $email, true, '', $password);
// Where a statement of it fails, it goes on.
if ($wpdb->last_error !== '' || !username_exists($user) || get_post(1) === null) {
    say("not installed: {$wpdb->last_error}");
    exit(1);
}
$db->query("DROP TABLE `{$table_prefix}unfinished`");
say('installed');
