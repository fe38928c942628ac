using Pptp.Appliance.Sessions;
using Pptp.Model;
using Pptp.Protocol.Control;

namespace Pptp.Appliance.Tests.Sessions;

/// <summary>only-one = replace: what the new session waits for, and how long.</summary>
[CancelAfter(30_000)]
public sealed class ReplaceTests : TunnelFixture
{
    [SetUp]
    public void LetTheNewReplaceTheOld()
    {
        PppProfile profile = World.Configuration.FindProfile(PppProfile.DefaultName)!;
        World.Configuration = World.Configuration with { Profiles = [profile with { OnlyOne = OnlyOne.Replace }] };
    }

    [Test]
    public async Task The_old_sessions_interface_and_address_go_to_the_new_one_when_it_has_let_go_of_them()
    {
        FakePath first = LogIn();
        World.WaitForLog("connected");
        first.IsStuck = true;
        Task login = LogInAgain();
        AcknowledgeTermination(first);
        World.WaitForLog("<pptp-alice>: terminating... - replaced by another login");
        Assert.That(login.IsCompleted, Is.False, "the old one still has its place");

        first.LetGo();

        await login;
        World.WaitForLog("alice logged in, 10.8.0.2");
        World.WaitForLog("<pptp-alice>: connected");
        Assert.That(World.Ended.Take().Reason, Is.EqualTo(DisconnectReason.NasRequest));
    }

    [Test]
    public async Task A_silent_client_is_given_two_seconds_for_its_farewell()
    {
        FakePath first = LogIn();
        World.WaitForLog("connected");
        Task login = LogInAgain();
        while (NextLcp(first)[0] != 5)
        {
        }
        Assert.That(first.IsClosed, Is.False);

        World.Time.Advance(TimeSpan.FromSeconds(2));

        await login;
        World.WaitForLog("alice logged in, 10.8.0.2");
    }

    [Test]
    public async Task After_five_seconds_the_new_one_goes_on_with_another_interface_and_address()
    {
        FakePath first = LogIn();
        World.WaitForLog("connected");
        first.IsStuck = true;
        Task login = LogInAgain();
        AcknowledgeTermination(first);
        World.WaitForLog("terminating... - replaced by another login");

        World.Time.Advance(TimeSpan.FromSeconds(5));

        await login;
        World.WaitForLog("alice logged in, 10.8.0.3");
        World.WaitForLog("<pptp-alice-1>: connected");
        first.LetGo();
        World.WaitForLog("<pptp-alice>: disconnected");
    }

    private Task LogInAgain()
    {
        Write(new OutgoingCallRequest { CallId = 8, PacketReceiveWindowSize = 64 });
        FakePath path = TakePath();
        return Task.Run(() => new FakeClient(path, "alice", "secret").LogIn());
    }
}
