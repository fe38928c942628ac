using System.Net;
using Microsoft.Extensions.Logging;
using Pptp.Appliance.Diagnosis;
using Pptp.Model;

namespace Pptp.Appliance.Sessions;

/// <content>Takes down what comes before a call, and why there is none.</content>
internal sealed partial class TunnelSession
{
    private readonly Attempt _story;
    private bool _isStoryOfCall;

    /// <summary>Health checks come from the host itself, twice a minute: kept is only what becomes a call.</summary>
    private static Attempt BeginStory(IPAddress local, IPAddress remote, AttemptBook attempts)
    {
        Attempt story = IPAddress.IsLoopback(remote) ? attempts.BeginHidden(remote) : attempts.Begin(remote);
        story.Note(AttemptPhase.Connection, $"from {remote} to {local}");
        return story;
    }

    /// <summary>The first call goes on with the story of its connection; any further one has its own.</summary>
    private Attempt StoryOfCall(ushort peerCallId, ushort callId)
    {
        Attempt story = _isStoryOfCall ? _services.Attempts.Begin(Remote) : _story;
        _isStoryOfCall = true;
        _services.Attempts.Show(story);
        story.Note(AttemptPhase.Call, $"asked for as {peerCallId}, given as {callId}");
        return story;
    }

    private void TellRefusedCall()
    {
        PptpServerSettings server = _services.Configuration().PptpServer;
        bool isFull = server.MaxSessions > 0 && _services.Sessions.LoggedIn >= server.MaxSessions;
        AttemptCause cause = _stopping ? AttemptCauses.ServerStopping
            : isFull ? AttemptCauses.TooManySessions
            : AttemptCauses.TooManyStarting;
        string detail = isFull ? $"max-sessions is {server.MaxSessions}" : $"max-starting is {server.MaxStarting}";
        if (_isStoryOfCall)
        {
            _services.Attempts.Refuse(Remote, cause, detail);
            return;
        }
        _story.Note(AttemptPhase.Call, "asked for and refused");
        _story.Blame(cause, detail);
    }

    private void TellClosed(string why)
    {
        if (_isStoryOfCall)
            return;
        _story.Blame(_stopping ? AttemptCauses.ServerStopping : AttemptCauses.NoCall);
        // Who wanted no call did not fail to get in.
        if (_story.Cause is { IsFailure: true } cause && cause != AttemptCauses.NoCall)
            WhyLog.Failed(_services.Loggers.Pptp, Remote, _story.Why, cause.Hint);
        _story.End(why);
    }

    private static partial class WhyLog
    {
        [LoggerMessage(LogLevel.Information, "{Remote} has trouble - {Why} ({Hint})")]
        public static partial void Failed(ILogger logger, IPAddress remote, string why, string hint);
    }
}
