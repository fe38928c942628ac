using System.Net;
using Pptp.Model.Vocabulary;

namespace Pptp.Model.Loading;

/// <summary>Users who could not log in.</summary>
internal static class SecretChecks
{
    private const string Password = PppSecretMenu.PasswordName;
    private const string NtHash = PppSecretMenu.NtHashName;

    internal static void Check(LoadedConfiguration loaded, FindingList findings)
    {
        if (loaded.Secrets.Count == 0 && loaded.Server.Value.Enabled && !loaded.Aaa.Value.UseRadius)
        {
            loaded.Main.Warning("there is no [[ppp-secret]], so nobody can log in");
        }

        bool needsPassword = loaded.Server.IsRead("authentication")
            && loaded.Server.Value.Authentication.HasFlag(AuthenticationMethods.Chap);
        // An address that could not be read is not missing.
        bool isSound = !findings.HasErrors;
        Dictionary<IPAddress, LoadedRow<PppSecret>> addresses = [];
        foreach (LoadedRow<PppSecret> row in loaded.Secrets)
        {
            CheckPassword(row, needsPassword);
            CheckWeakKeys(loaded, row);
            if (isSound)
            {
                CheckAddresses(loaded, row);
            }

            ProfileChecks.CheckLocalInPool(loaded, row, row.Value.LocalAddress, row.Value.RemoteAddress);
            if (row.Value.Service is not (PppService.Any or PppService.Pptp))
            {
                row.Warning("service", "this server serves pptp only, so the user cannot log in");
            }

            if (row.Value.CallerId is { } callerId && !CallerId.TryParse(callerId, out _))
            {
                row.Warning("caller-id", "is no IPv4 address or network, so the user cannot log in");
            }

            if (row.Value.RemoteAddress is AddressSource.Single single
                && !row.Value.Disabled
                && !addresses.TryAdd(single.Address, row))
            {
                row.Warning("remote-address", $"{single.Address} is also given to the user at "
                    + addresses[single.Address].Describe());
            }
        }
    }

    // Secret before profile before the server's default profile, as RouterOS looks them up.
    private static void CheckAddresses(LoadedConfiguration loaded, LoadedRow<PppSecret> row)
    {
        PppSecret secret = row.Value;
        if (secret.Disabled
            || loaded.FindProfile(secret.Profile) is not { } profile
            || loaded.FindProfile(loaded.Server.Value.DefaultProfile) is not { } common)
        {
            return;
        }

        const string Nowhere = "is given neither here, nor by the profile, nor by the server's default profile, "
            + "so the user cannot log in";
        if ((secret.LocalAddress ?? profile.LocalAddress ?? common.LocalAddress) is null)
        {
            row.Warning("local-address", Nowhere);
        }

        if ((secret.RemoteAddress ?? profile.RemoteAddress ?? common.RemoteAddress) is null)
        {
            row.Warning("remote-address", Nowhere);
        }
    }

    private static void CheckPassword(LoadedRow<PppSecret> row, bool needsPassword)
    {
        bool hasPassword = row.IsSet(Password);
        bool hasHash = row.IsSet(NtHash);
        switch (hasPassword, hasHash)
        {
            case (true, true):
                row.Error(NtHash, "stands beside a password; one of them is enough");
                break;
            case (false, false):
                row.Error(Password, "is missing, and there is no nt-hash either");
                break;
            case (false, true) when needsPassword:
                row.Warning(NtHash, "chap needs the password itself, so the user cannot log in by chap");
                break;
            case (true, false) when row.Value.Password is { Password.Length: 0 }:
                row.Warning(Password, "is empty");
                break;
        }
    }

    // RFC 3079 §2: MS-CHAPv1 takes its weak keys from the LM hash.
    private static void CheckWeakKeys(LoadedConfiguration loaded, LoadedRow<PppSecret> row)
    {
        if (row.Value.Password is not { Kind: SecretKind.NtHash }
            || !loaded.Server.IsRead("authentication")
            || !loaded.Server.Value.Authentication.HasFlag(AuthenticationMethods.MsChap1)
            || loaded.FindProfile(row.Value.Profile) is not { } profile
            || loaded.FindProfile(loaded.Server.Value.DefaultProfile) is not { } common)
        {
            return;
        }

        ValueList<MppeForm> allowed = profile.MppeAllowed.Count > 0 ? profile.MppeAllowed : common.MppeAllowed;
        if (allowed.Any(form => form is not (MppeForm.Mppe128Stateless or MppeForm.Mppe128Stateful)))
        {
            row.Warning(NtHash, "mschap1 needs the password itself for MPPE with 40 or 56 bits, "
                + "so the user has 128 bits only");
        }
    }
}
