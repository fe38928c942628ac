using Pptp.Model.Vocabulary;

namespace Pptp.Model.Types;

/// <summary>The programs of on-up and on-down.</summary>
internal sealed class HookScriptType : PropertyType<HookScript>
{
    private static readonly TextType Lines = new("a text", 65536, allowEmpty: true, allowLines: true);

    public override string Expectation => "a program by its absolute path, with its arguments; several on a line each";

    public override bool TryParse(string text, out HookScript value, out string? problem)
    {
        HookScript? script = null;
        bool isScript = Lines.TryParse(text, out _, out problem) && HookScript.TryParse(text, out script, out problem);
        value = script!;
        return isScript;
    }

    public override string Format(HookScript value) => value.Text;
}
