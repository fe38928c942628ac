namespace Pptp.Model.Loading;

/// <summary>What the server is asked for and cannot do yet.</summary>
internal static class ServerChecks
{
    private const string Property = "authentication";

    /// <summary>What this version can do.</summary>
    private const AuthenticationMethods Supported = AuthenticationMethods.MsChap2;

    internal static void Check(LoadedConfiguration loaded)
    {
        LoadedRow<PptpServerSettings> row = loaded.Server;
        if (!row.IsSet(Property))
        {
            return;
        }

        AuthenticationMethods unsupported = row.Value.Authentication & ~Supported;
        if ((row.Value.Authentication & Supported) == 0)
        {
            row.Error(Property, "this version can do mschap2 only: add it");
        }
        else if (unsupported != 0)
        {
            string names = new Types.AuthenticationMethodsType().Format(unsupported);
            row.Warning(Property, $"this version can do mschap2 only: {names} will not be offered");
        }
    }
}
