namespace Pptp.Model.Loading;

/// <summary>Programs of on-up and on-down that cannot be run as the machine is now.</summary>
internal static class HookChecks
{
    internal static void Check(LoadedConfiguration loaded)
    {
        foreach (LoadedRow<PppProfile> row in loaded.Profiles)
        {
            Check(row, "on-up", row.Value.OnUp);
            Check(row, "on-down", row.Value.OnDown);
        }
    }

    private static void Check(LoadedRow<PppProfile> row, string property, HookScript? script)
    {
        foreach (string path in script?.Programs.Select(program => program.Path).Distinct() ?? [])
        {
            if (!File.Exists(path))
            {
                row.Warning(property, $"there is no program {path}");
            }
            else if (OperatingSystem.IsLinux() && (File.GetUnixFileMode(path) & Executable) == 0)
            {
                row.Warning(property, $"{path} is not executable: chmod +x {path}");
            }
        }
    }

    private const UnixFileMode Executable =
        UnixFileMode.UserExecute | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute;
}
