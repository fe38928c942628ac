using Pptp.Model.Vocabulary;

namespace Pptp.Model.Loading;

/// <summary>Tunnels that we could not dial, or not as was meant.</summary>
internal static class ClientChecks
{
    private const AuthenticationMethods WithKeys = AuthenticationMethods.MsChap1 | AuthenticationMethods.MsChap2;

    internal static void Check(LoadedConfiguration loaded)
    {
        Dictionary<string, LoadedRow<PptpServerInterface>> interfaces = loaded.Interfaces
            .DistinctBy(row => row.Value.Name).ToDictionary(row => row.Value.Name, StringComparer.Ordinal);
        Dictionary<int, LoadedRow<PptpClient>> defaultRoutes = [];
        foreach (LoadedRow<PptpClient> row in loaded.Clients)
        {
            CheckName(row, interfaces);
            CheckPassword(row);
            CheckDefaultRoute(row, defaultRoutes);
            if (loaded.FindProfile(row.Value.Profile) is { } profile)
            {
                CheckProfile(row, profile);
            }

            if (!row.IsSet("disabled"))
            {
                row.Warning("disabled", "is not set, so the client is disabled, as in RouterOS; "
                    + "disabled = false lets it dial");
            }
        }
    }

    private static void CheckName(
        LoadedRow<PptpClient> row, Dictionary<string, LoadedRow<PptpServerInterface>> interfaces)
    {
        // A row without a name was complained of already.
        string name = row.Value.Name;
        if (name.Length > 0 && interfaces.TryGetValue(name, out LoadedRow<PptpServerInterface>? other))
        {
            row.Error("name", $"{TomlText.Quote(name)} is the [[pptp-server-interface]] at {other.Describe()}");
        }
    }

    private static void CheckPassword(LoadedRow<PptpClient> row)
    {
        const string Password = PppSecretMenu.PasswordName;
        if (!row.IsSet(Password))
        {
            row.Error(Password, "is missing");
        }
        else if (row.Value.Password is { Password.Length: 0 })
        {
            row.Warning(Password, "is empty");
        }
    }

    private static void CheckDefaultRoute(
        LoadedRow<PptpClient> row, Dictionary<int, LoadedRow<PptpClient>> defaultRoutes)
    {
        if (row.Value is { AddDefaultRoute: true, Disabled: false }
            && !defaultRoutes.TryAdd(row.Value.DefaultRouteDistance, row))
        {
            string other = defaultRoutes[row.Value.DefaultRouteDistance].Describe();
            row.Warning("add-default-route", "has the same default-route-distance as the client at "
                + $"{other}, so only one of the two gets the route");
        }
    }

    private static void CheckProfile(LoadedRow<PptpClient> row, PppProfile profile)
    {
        string name = TomlText.Quote(profile.Name);
        WarnOfPool(row, name, "local-address", profile.LocalAddress);
        WarnOfPool(row, name, "remote-address", profile.RemoteAddress);
        if (profile.UseEncryption == Negotiation.Required && (row.Value.Allow & WithKeys) == 0)
        {
            row.Warning("allow", $"has neither mschap1 nor mschap2, which give the keys that {name} requires "
                + "(use-encryption), so the tunnel cannot come up");
        }
    }

    private static void WarnOfPool(
        LoadedRow<PptpClient> row, string profile, string property, AddressSource? source)
    {
        if (source is AddressSource.Pool pool)
        {
            row.Warning("profile", $"{property} of {profile} is the pool {TomlText.Quote(pool.Name)}: "
                + "a client takes no address from a pool");
        }
    }
}
