using System.Net;
using Pptp.Testing;
using Pptp.Testing.Calling;
using Pptp.Testing.Serving;

namespace Pptp.Integration.Tests;

/// <summary>Addresses out of a pool of three.</summary>
internal sealed class PoolTests : ServerFixture
{
    private static readonly string[] Users = ServerConfiguration.Numbered("u", 5);

    protected override ServerConfiguration Configuration => new() { Users = Users, Pool = "10.9.0.10-10.9.0.12" };

    [Test]
    public async Task A_user_gets_the_same_address_again_although_others_came_meanwhile()
    {
        ScriptedCall first = await DialAsync(Users[0]);
        ScriptedCall second = await DialAsync(Users[1]);
        IPAddress address = first.Address;
        await HangUpAsync(first);

        ScriptedCall third = await DialAsync(Users[2]);
        ScriptedCall again = await DialAsync(Users[0]);

        using (Assert.EnterMultipleScope())
        {
            Assert.That(again.Address, Is.EqualTo(address));
            Assert.That(new[] { again.Address, second.Address, third.Address }, Is.Unique);
        }

        await HangUpAsync(second);
        await HangUpAsync(third);
        await HangUpAsync(again);
    }

    [Test]
    public async Task An_exhausted_pool_is_logged_and_serves_again_when_somebody_has_left()
    {
        List<ScriptedCall> calls = [];
        for (int i = 0; i < 3; i++)
            calls.Add(await DialAsync(Users[i]));

        Assert.That(() => DialAsync(Users[3]), Throws.TypeOf<CallEndedException>());
        Server.Log.WaitFor($"user {Users[3]} could not determine remote address", Soon, after: Mark);

        IPAddress free = calls[1].Address;
        await HangUpAsync(calls[1]);
        ScriptedCall next = await DialAsync(Users[3]);
        Assert.That(next.Address, Is.EqualTo(free));
        await HangUpAsync(calls[0]);
        await HangUpAsync(calls[2]);
        await HangUpAsync(next);
    }

    [Test]
    public async Task A_failed_login_costs_no_address()
    {
        for (int i = 0; i < 4; i++)
            Assert.That(() => Host.DialAsync(new CallSettings(Users[i], "wrong")), Throws.TypeOf<CallEndedException>());

        List<ScriptedCall> calls = [];
        for (int i = 0; i < 3; i++)
            calls.Add(await DialAsync(Users[i]));

        Assert.That(calls.Select(call => call.Address), Is.Unique);
        foreach (ScriptedCall call in calls)
            await HangUpAsync(call);
    }

    [Test]
    [EffectOf("ip-pool", "name")]
    [EffectOf("ip-pool", "ranges")]
    [EffectOf("ip-pool", "next-pool")]
    public async Task A_full_pool_goes_on_with_the_next()
    {
        Configure(Configuration with
        {
            Pool = "10.9.0.20",
            PoolExtra = "next-pool = \"overflow\"",
            Extra = "\n[[ip-pool]]\nname = \"overflow\"\nranges = \"10.9.7.7\"\n",
        });
        Reload();

        ScriptedCall first = await DialAsync(Users[0]);
        ScriptedCall second = await DialAsync(Users[1]);
        Assert.That(() => DialAsync(Users[2]), Throws.TypeOf<CallEndedException>());

        Assert.That(first.Address, Is.EqualTo(IPAddress.Parse("10.9.0.20")));
        Assert.That(second.Address, Is.EqualTo(IPAddress.Parse("10.9.7.7")));
        await HangUpAsync(first);
        await HangUpAsync(second);
        Configure(Configuration);
        Reload();
    }

    private void Reload()
    {
        int mark = Server.Log.Mark;
        Server.Signal("HUP");
        Server.Log.WaitFor("settings changed", Soon, after: mark);
    }

    /// <summary>Until the server has let go of everything.</summary>
    private async Task HangUpAsync(ScriptedCall call)
    {
        int mark = Server.Log.Mark;
        await call.Caller.DisposeAsync();
        Server.Log.WaitFor($"<pptp-{call.Settings.User}>: disconnected", Soon, after: mark);
    }
}
