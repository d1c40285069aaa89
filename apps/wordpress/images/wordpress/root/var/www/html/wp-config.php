<?php
require_once '/usr/local/lib/wordpress/settings.php';
defined('ABSPATH') || define('ABSPATH', __DIR__ . '/');
require_once ABSPATH . 'wp-settings.php';
