using System.CommandLine;
using System.Security.Cryptography;
using Pptp.Protocol.Authentication;

namespace Pptpd.Commands;

/// <summary><c>pptpd hash NAME</c>: asks for a password and prints the secret's row with its NT hash.</summary>
internal static class HashCommand
{
    public static Command Create()
    {
        Argument<string> name = new("NAME") { Description = "Name of the user." };
        Command command = new("hash", "Ask for a password, print a [[ppp-secret]] with its nt-hash. MS-CHAP needs no more.") { name };
        command.SetAction(result => Hash(result.GetValue(name)!));
        return command;
    }

    private static int Hash(string name)
    {
        if (!Console.IsInputRedirected)
            Console.Error.Write($"Password of {name}: ");
        if (ReadPassword() is not { Length: > 0 } password)
        {
            Console.Error.WriteLine("pptpd: no password given");
            return ExitCode.BadInput;
        }
        Span<byte> hash = stackalloc byte[MsChapV2.PasswordHashLength];
        MsChapV2.NtPasswordHash(password, hash);
        Console.Out.WriteLine($"""
            [[ppp-secret]]
            name = {Quote(name)}
            nt-hash = "{Convert.ToHexStringLower(hash)}"
            service = "pptp"
            """);
        CryptographicOperations.ZeroMemory(hash);
        return ExitCode.Success;
    }

    /// <summary>A line from standard input; at a terminal it is not shown.</summary>
    private static string? ReadPassword()
    {
        if (Console.IsInputRedirected)
            return Console.In.ReadLine();
        List<char> typed = [];
        for (; ; )
        {
            ConsoleKeyInfo key = Console.ReadKey(intercept: true);
            switch (key.Key)
            {
                case ConsoleKey.Enter:
                    Console.Error.WriteLine();
                    return new string([.. typed]);
                case ConsoleKey.Backspace:
                    if (typed.Count > 0)
                        typed.RemoveAt(typed.Count - 1);
                    break;
                default:
                    if (!char.IsControl(key.KeyChar))
                        typed.Add(key.KeyChar);
                    break;
            }
        }
    }

    /// <summary>A TOML basic string (TOML 1.0, "String").</summary>
    private static string Quote(string text) =>
        "\"" + string.Concat(text.Select(c => c switch
        {
            '"' => "\\\"",
            '\\' => "\\\\",
            _ when char.IsControl(c) => $"\\u{(int)c:X4}",
            _ => c.ToString(),
        })) + "\"";
}
