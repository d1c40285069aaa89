<?php
// WordPress's settings, from the variables of the official image, NAME or NAME_FILE; and two of this image's own:
// WORDPRESS_URL, and the eight keys, which may all be read from the same file.

function setting(string $name, string $default = ''): string
{
    $file = getenv($name . '_FILE');
    if ($file !== false) {
        return rtrim(file_get_contents($file), "\r\n");
    }
    $value = getenv($name);
    return $value === false ? $default : $value;
}

define('DB_HOST', setting('WORDPRESS_DB_HOST', 'mysql'));
define('DB_NAME', setting('WORDPRESS_DB_NAME', 'wordpress'));
define('DB_USER', setting('WORDPRESS_DB_USER'));
define('DB_PASSWORD', setting('WORDPRESS_DB_PASSWORD'));
define('DB_CHARSET', 'utf8mb4');
define('DB_COLLATE', '');
$table_prefix = setting('WORDPRESS_TABLE_PREFIX', 'wp_');

// Each is its own, whatever it is made of: WordPress takes no two that are equal.
foreach (['AUTH', 'SECURE_AUTH', 'LOGGED_IN', 'NONCE'] as $purpose) {
    foreach (['KEY', 'SALT'] as $part) {
        $name = "{$purpose}_{$part}";
        $secret = setting("WORDPRESS_$name");
        // Without one WordPress makes its own, and keeps it in the database.
        if ($secret !== '') {
            define($name, hash_hmac('sha256', $name, $secret));
        }
    }
}

// A proxy in front speaks HTTPS for it.
if (str_contains($_SERVER['HTTP_X_FORWARDED_PROTO'] ?? '', 'https')) {
    $_SERVER['HTTPS'] = 'on';
}

// Without an address of its own it answers under any that leads to it. Then a request chooses what stands in links, in
// those of mails as well: give it one before strangers can reach it.
$url = setting('WORDPRESS_URL');
if ($url === '') {
    $host = $_SERVER['HTTP_HOST'] ?? 'localhost';
    $host = preg_match('/^[\w.:\[\]-]+$/', $host) ? $host : 'localhost';
    $url = (($_SERVER['HTTPS'] ?? '') === 'on' ? 'https' : 'http') . "://$host";
}
define('WP_HOME', rtrim($url, '/'));
define('WP_SITEURL', WP_HOME);

// The code comes with the image, and is nobody's to write.
define('WP_AUTO_UPDATE_CORE', false);
define('FS_METHOD', 'direct');
define('WP_DEBUG', setting('WORDPRESS_DEBUG') !== '');
