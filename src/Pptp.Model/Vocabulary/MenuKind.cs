namespace Pptp.Model.Vocabulary;

/// <summary>Whether a menu has one row or many.</summary>
public enum MenuKind
{
    /// <summary>One row that always exists: <c>[table]</c>.</summary>
    Singleton,

    /// <summary>Named rows: <c>[[table]]</c>.</summary>
    Table,
}
