using Pptp.Model.Vocabulary;

namespace Pptp.Model.Editing;

/// <summary>Which row of the configuration is meant.</summary>
/// <param name="Menu">One of <see cref="Menus"/>.</param>
/// <param name="Name">The row's name; null for the one row of a singleton.</param>
/// <param name="Service">The service of a secret, as RouterOS spells it; null: the only one of that name.</param>
public sealed record RowName(MenuDefinition Menu, string? Name = null, string? Service = null)
{
    public override string ToString() => Name is null ? Menu.Path
        : Service is null ? $"{Menu.Path} {TomlText.Quote(Name)}"
        : $"{Menu.Path} {TomlText.Quote(Name)} service={Service}";
}
