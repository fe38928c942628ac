using System.Text;
using Pptp.Model.Vocabulary;

namespace Pptp.Model;

/// <summary>
/// Prints a configuration as TOML: every property with the value in force, secrets masked. Properties without effect
/// are printed when they were set.
/// </summary>
public static class ConfigurationPrinter
{
    public static string Print(PptpConfiguration configuration)
    {
        ArgumentNullException.ThrowIfNull(configuration);
        StringBuilder text = new();
        PrintRow(text, Menus.System, configuration.System);
        PrintRow(text, Menus.PptpServer, configuration.PptpServer);
        PrintRows(text, Menus.IpPool, configuration.Pools);
        PrintRows(text, Menus.Ipv6Pool, configuration.Ipv6Pools);
        PrintRows(text, Menus.FirewallChain, configuration.FirewallChains);
        PrintRows(text, Menus.PppProfile, configuration.Profiles);
        PrintRows(text, Menus.PppSecret, configuration.Secrets);
        PrintRow(text, Menus.PppAaa, configuration.PppAaa);
        PrintRows(text, Menus.Radius, configuration.Radius);
        PrintRow(text, Menus.RadiusIncoming, configuration.RadiusIncoming);
        PrintRows(text, Menus.PptpServerInterface, configuration.ServerInterfaces);
        PrintRows(text, Menus.PptpClient, configuration.Clients);
        return text.ToString();
    }

    private static void PrintRows<TRow>(StringBuilder text, MenuDefinition<TRow> menu, IEnumerable<TRow> rows)
    {
        foreach (TRow row in rows)
        {
            PrintRow(text, menu, row);
        }
    }

    private static void PrintRow<TRow>(StringBuilder text, MenuDefinition<TRow> menu, TRow row)
    {
        if (text.Length > 0)
        {
            text.Append('\n');
        }

        text.Append(menu.Header).Append('\n');
        foreach (PropertyDefinition<TRow> property in menu.Properties)
        {
            bool matters = property.Effect is PropertyEffect.Now or PropertyEffect.Note || !property.IsDefault(row);
            if (matters && property.FormatToml(row) is { } value)
            {
                text.Append(property.Name).Append(" = ").Append(value).Append('\n');
            }
        }
    }
}
