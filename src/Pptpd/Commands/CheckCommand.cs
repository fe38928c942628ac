using System.CommandLine;
using Pptp.Model;

namespace Pptpd.Commands;

/// <summary><c>pptpd check</c>: all errors of the configuration, or what it amounts to, with secrets masked.</summary>
internal static class CheckCommand
{
    public static Command Create()
    {
        Option<string?> file = ConfigurationFile.CreateOption();
        Command command = new("check", "Check the configuration; print what is wrong, or what is in force.") { file };
        command.SetAction(result => Check(ConfigurationFile.Resolve(result.GetValue(file))));
        return command;
    }

    private static int Check(string path)
    {
        if (ConfigurationFile.Load(path) is not { } configuration)
            return ExitCode.BadInput;
        Console.Out.Write(ConfigurationPrinter.Print(configuration));
        return ExitCode.Success;
    }
}
