using System.Globalization;
using System.Text;

namespace Pptp.Testing.Radius;

/// <summary>Writes the configuration of a FreeRADIUS that is a test's alone.</summary>
internal static class FreeRadiusConfiguration
{
    internal const string DetailFile = "detail";

    private const string UsersFile = "users";

    /// <summary>Writes all files into the folder.</summary>
    internal static void Write(string folder, FreeRadiusSettings settings)
    {
        File.WriteAllText(Path.Combine(folder, "dictionary"), "$INCLUDE /usr/share/freeradius/dictionary\n");
        File.WriteAllText(Path.Combine(folder, UsersFile), settings.Users.ReplaceLineEndings("\n") + "\n");
        CertificateFiles? own = settings.Authority?.IssueServer(folder, "radius");
        StringBuilder text = new(General(folder, settings));
        text.Append(Modules(folder, settings, own)).Append(Server(settings, own));
        if (settings.RadSecPort is { } port)
        {
            text.Append(RadSec(settings, port, own
                ?? throw new ArgumentException("RadSec needs an authority.", nameof(settings))));
        }

        File.WriteAllText(Path.Combine(folder, "radiusd.conf"), text.ToString());
    }

    private static string General(string folder, FreeRadiusSettings settings) => $$"""
        prefix = /usr
        localstatedir = /var
        logdir = {{folder}}
        db_dir = {{folder}}
        libdir = /usr/lib/freeradius
        pidfile = {{folder}}/radiusd.pid
        max_requests = 65536
        cleanup_delay = 2
        log {
            auth = yes
        }
        security {
            status_server = yes
            reject_delay = 0
        }
        thread pool {
            start_servers = 4
            max_servers = 8
            min_spare_servers = 1
            max_spare_servers = 8
            max_requests_per_server = 0
        }
        client everybody {
            ipaddr = {{(settings.Address.Contains(':', StringComparison.Ordinal) ? "::/0" : "0.0.0.0/0")}}
            secret = "{{settings.Secret}}"
            require_message_authenticator = {{(settings.RequireMessageAuthenticator ? "yes" : "no")}}
        }

        """;

    private static string Modules(string folder, FreeRadiusSettings settings, CertificateFiles? own) => $$"""
        modules {
            always reject {
                rcode = reject
            }
            files {
                filename = {{folder}}/{{UsersFile}}
            }
            pap {
            }
            chap {
            }
            mschap {
                use_mppe = yes
                require_encryption = {{(settings.RequireEncryption ? "yes" : "no")}}
                require_strong = {{(settings.RequireEncryption ? "yes" : "no")}}
            }
            detail {
                filename = {{folder}}/{{DetailFile}}
            }
        {{(own is null ? "" : Eap(settings, own))}}
        }

        """;

    private static string Eap(FreeRadiusSettings settings, CertificateFiles own) => $$"""
            eap {
                default_eap_type = {{settings.EapMethod}}
                timer_expire = 60
                ignore_unknown_eap_types = no
                tls-config common {
        {{Tls(own)}}
                }
                md5 {
                }
                mschapv2 {
                }
                tls {
                    tls = common
                }
                peap {
                    tls = common
                    default_eap_type = mschapv2
                    virtual_server = inner
                    copy_request_to_tunnel = yes
                    use_tunneled_reply = yes
                }
            }
        """;

    private static string Tls(CertificateFiles own) => $"""
                    certificate_file = {own.Certificate}
                    private_key_file = {own.Key}
                    ca_file = {own.Authority}
                    tls_min_version = "1.2"
                    tls_max_version = "1.2"
                    ecdh_curve = "prime256v1"
                    fragment_size = 1024
        """;

    private static string Server(FreeRadiusSettings settings, CertificateFiles? own)
    {
        string eapFirst = own is null ? "" : "eap {\n            ok = return\n        }";
        string eap = own is null ? "" : "eap";
        string sign = settings.MessageAuthenticator
            ? "update reply {\n            Message-Authenticator := 0x00\n        }"
            : "";
        return string.Create(CultureInfo.InvariantCulture, $$"""
            server tests {
                listen {
                    type = auth
                    {{IpOf(settings.Address)}}
                    port = {{settings.AuthenticationPort}}
                }
                listen {
                    type = acct
                    {{IpOf(settings.Address)}}
                    port = {{settings.AccountingPort}}
                }
                authorize {
                    chap
                    mschap
                    {{eapFirst}}
                    files
                    {{settings.Authorize}}
                    pap
                }
                authenticate {
                    Auth-Type PAP {
                        pap
                    }
                    Auth-Type CHAP {
                        chap
                    }
                    Auth-Type MS-CHAP {
                        mschap
                    }
                    {{eap}}
                }
                post-auth {
                    {{settings.PostAuth}}
                    {{sign}}
                    Post-Auth-Type REJECT {
                        {{settings.PostReject}}
                        {{sign}}
                    }
                }
                accounting {
                    {{settings.Accounting}}
                    detail
                }
            }
            {{(own is null ? "" : Inner)}}

            """);
    }

    private const string Inner = """
        server inner {
            authorize {
                mschap
                eap {
                    ok = return
                }
                files
                pap
            }
            authenticate {
                Auth-Type MS-CHAP {
                    mschap
                }
                eap
            }
        }
        """;

    private static string RadSec(FreeRadiusSettings settings, int port, CertificateFiles own) =>
        string.Create(CultureInfo.InvariantCulture, $$"""
            listen {
                type = auth+acct
                {{IpOf(settings.Address)}}
                port = {{port}}
                proto = tcp
                virtual_server = tests
                clients = radsec
                limit {
                    max_connections = 16
                    lifetime = 0
                    idle_timeout = 0
                }
                tls {
            {{Tls(own)}}
                    require_client_cert = yes
                }
            }
            clients radsec {
                client everybody {
                    ipaddr = {{(settings.Address.Contains(':', StringComparison.Ordinal) ? "::/0" : "0.0.0.0/0")}}
                    proto = tls
                    secret = radsec
                }
            }

            """);

    private static string IpOf(string address) =>
        address.Contains(':', StringComparison.Ordinal) ? $"ipv6addr = {address}" : $"ipaddr = {address}";
}
