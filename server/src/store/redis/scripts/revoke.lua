return redis.call('HDEL', ROW, 'live')
