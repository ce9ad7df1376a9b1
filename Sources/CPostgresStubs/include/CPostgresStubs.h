// What libpq asks of Kerberos and LDAP in a static program, which has neither. There is nothing to call here.
