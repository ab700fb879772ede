-- All users.
CREATE TABLE users (
--           ^ definition.struct
--           ^ doc All users.
    id INT PRIMARY KEY,
--  ^ definition.field users
    name TEXT NOT NULL
--  ^ definition.field users
);
CREATE TABLE IF NOT EXISTS shop.orders (id INT, user_id INT REFERENCES users (id));
--                         ^ reference.module orders
--                              ^ definition.struct
--                                      ^ definition.field orders
--                                              ^ definition.field orders
--                                                                     ^ reference.type orders.user_id
CREATE INDEX users_name ON users (name);
--           ^ definition.variable
--                         ^ reference.type users_name
CREATE VIEW active AS SELECT id, name FROM users WHERE id > 1;
--          ^ definition.struct
--                               ^ reference.identifier active
--                                         ^ reference.type active
CREATE MATERIALIZED VIEW totals AS SELECT count(*) FROM shop.orders o JOIN users u ON u.id = o.user_id;
--                       ^ definition.struct
--                                        ^ reference.call totals
--                                                      ^ reference.module totals
--                                                           ^ reference.type totals
--                                                                         ^ reference.type totals
--                                                                                             ^ reference.identifier totals
CREATE FUNCTION area(width INT) RETURNS INT AS $$ SELECT width * 2; $$ LANGUAGE sql;
--              ^ definition.function
--                                                       ^ reference.identifier area
CREATE TYPE color AS ENUM ('red', 'green');
--          ^ definition.type
CREATE TRIGGER audit BEFORE INSERT ON users FOR EACH ROW EXECUTE FUNCTION log_change();
--             ^ definition.function
--                                    ^ reference.type audit
--                                                                        ^ reference.call audit
CREATE SCHEMA shop;
--            ^ definition.module
CREATE SEQUENCE counter;
--              ^ definition.variable
ALTER TABLE users ADD COLUMN age INT;
--          ^ reference.type
--                           ^ definition.field
INSERT INTO users (id, name) VALUES (1, 'a');
--          ^ reference.type
UPDATE users SET name = upper(name) WHERE id = area(2);
--     ^ reference.type
--               ^ reference.identifier
--                      ^ reference.call
--                            ^ reference.identifier
--                                             ^ reference.call
DELETE FROM users;
--          ^ reference.type
SELECT * FROM active;
--            ^ reference.type
DROP TABLE users;
--         ^ reference.type
