-- The bot's roles, made where they are not there; psql runs it before every migration, with the password as a variable.
-- docs/operating.md, "Workspaces apart", says what they are for.
SELECT 'CREATE ROLE drumbeat_across' WHERE to_regrole('drumbeat_across') IS NULL \gexec
SELECT 'CREATE ROLE drumbeat_app LOGIN IN ROLE drumbeat_across' WHERE to_regrole('drumbeat_app') IS NULL \gexec
ALTER ROLE drumbeat_app PASSWORD :'password';
