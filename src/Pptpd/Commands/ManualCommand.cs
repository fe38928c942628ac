using System.CommandLine;
using Pptp.Model;

namespace Pptpd.Commands;

/// <summary><c>pptpd manual</c>: every menu and property as Markdown.</summary>
internal static class ManualCommand
{
    public static Command Create()
    {
        Command command = new("manual", "Print every menu and property of the configuration as Markdown.");
        command.SetAction(_ => Console.Out.Write(ManualPrinter.Print()));
        return command;
    }
}
