using Pptpd.Demo;

namespace Pptpd.Tests.Demo;

public sealed class DemoOutputTests
{
    private readonly StringWriter _written = new();

    [TearDown]
    public void Close() => _written.Dispose();

    [Test]
    public void At_a_terminal_a_figure_takes_the_place_of_the_one_before()
    {
        DemoOutput output = new(_written, isTerminal: true);
        output.Live("1 s");
        output.Live("2 s");
        output.EndLive();

        Assert.That(_written.ToString(), Is.EqualTo("\r1 s\e[K\r2 s\e[K\n"));
    }

    [Test]
    public void At_a_terminal_a_line_goes_above_the_figure()
    {
        DemoOutput output = new(_written, isTerminal: true);
        output.Live("1 s");
        output.Line("client | connected");

        Assert.That(_written.ToString(), Is.EqualTo("\r1 s\e[K\r\e[Kclient | connected\n1 s"));
    }

    [Test]
    public void In_a_file_each_figure_is_a_line_and_nothing_is_erased()
    {
        DemoOutput output = new(_written, isTerminal: false);
        output.Live("1 s");
        output.Live("2 s");
        output.EndLive();
        output.Headline("next");

        Assert.That(_written.ToString(), Is.EqualTo("1 s\n2 s\n\n== next\n"));
    }
}
