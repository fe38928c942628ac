using Pptp.Appliance.Aaa;
using Pptp.Appliance.Diagnosis;
using Pptp.Model;

namespace Pptp.Appliance.Sessions;

/// <content>only-one: a user's session and those he has already.</content>
internal sealed partial class CallSession
{
    /// <summary>How long a peer whose session is ended from outside has for its Terminate-Ack.</summary>
    private static readonly TimeSpan FarewellTimeout = TimeSpan.FromSeconds(2);

    /// <summary>
    /// How long a login waits for the session it follows; after it there is another interface and another address.
    /// </summary>
    private static readonly TimeSpan PlaceTimeout = TimeSpan.FromSeconds(5);

    private readonly TaskCompletionSource _gone = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private (TimeSpan At, string Text)? _cutOff;

    /// <summary>The session is over and only gives back what it has; from any thread.</summary>
    public bool IsEnding => _ending;

    /// <summary>Nothing of the session is left but, perhaps, a word to its peer.</summary>
    public Task Gone => _gone.Task;

    /// <summary>Has the session end as <see cref="Terminate"/> does; from any thread. One that ends already goes on to.</summary>
    public void RequestEnd(string text, DisconnectReason reason) => _host.Post(this, new CallMessage.EndRequested(text, reason));

    private void OnEndRequested(CallMessage.EndRequested request, TimeSpan now)
    {
        Terminate(request.Text, request.Reason, now);
        _cutOff ??= (now + FarewellTimeout, request.Text);
    }

    private void TakePlace(AccessDecision.Accept accept, TimeSpan now)
    {
        IReadOnlyList<CallSession>? before = _services.Sessions.Enter(
            this, _parameters!.OnlyOne, _parameters.Radius?.PortLimit);
        if (before is null)
        {
            Log.AlreadyLoggedIn(_services.Loggers.PppError, Prefix, LogText.Escape(_parameters.User));
            _story.Note(AttemptPhase.Login, "refused: the user is logged in already");
            _story.Blame(
                _parameters.OnlyOne == OnlyOne.Yes ? AttemptCauses.AlreadyLoggedIn : AttemptCauses.PortLimit);
            _parameters = null;
            _keys?.Dispose();
            _keys = null;
            _refused = true;
            _link.Refuse(mayRetry: false, "Already logged in", now);
        }
        else if (before.Count == 0)
        {
            Admit(accept, now);
        }
        else
        {
            AwaitPlace(before, accept);
        }
    }

    /// <summary>The client waits meanwhile: it learns of its success when there is a place for it.</summary>
    private void AwaitPlace(IReadOnlyList<CallSession> before, AccessDecision.Accept accept)
    {
        _pending++;
        foreach (CallSession other in before)
            other.RequestEnd("replaced by another login", DisconnectReason.NasRequest);
        _ = WaitAsync(_ended.Token);

        async Task WaitAsync(CancellationToken ended)
        {
            try
            {
                Task gone = Task.WhenAll(before.Select(other => other._gone.Task));
                await gone.WaitAsync(PlaceTimeout, _services.Clock.Time, ended).ConfigureAwait(false);
            }
            catch (Exception e) when (e is TimeoutException or OperationCanceledException)
            {
                // The message is posted in any case: this call is not released before it.
            }
            _host.Post(this, new CallMessage.PlaceFree(accept));
        }
    }
}
