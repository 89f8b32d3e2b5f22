using Homelab.Composition;

namespace Homelab.Host.Web.Access;

/// <summary>Knows the clients under <c>rest:</c> of the lab file by their bearer tokens.</summary>
internal sealed class RestTokens(HomelabRuntime runtime)
{
    /// <summary>True when there is none.</summary>
    internal bool IsEmpty => runtime.File.Lab.Rest.Count == 0;

    /// <summary>Who shows this; and why a token could not be compared, where one could not be opened.</summary>
    internal async Task<(Caller? Caller, HomelabException? Unopened)> RecogniseAsync(string? authorization, CancellationToken cancellationToken)
    {
        Caller? caller = null;
        HomelabException? unopened = null;
        // All clients are looked at, each in the same time: how long it takes tells neither who is known nor how much of a token was right.
        foreach (var (name, client) in runtime.File.Lab.Rest)
        {
            try
            {
                // Read anew each time: a rotated token works at once.
                var token = await runtime.Secrets.ResolveAsync(client.Token, cancellationToken);
                var matches = BearerToken.Matches(authorization, token);
                // Two that were given the same token since the start: nobody gains by that.
                if (matches && (caller is null || client.Level < caller.Ceiling)) caller = new Caller(Face.Rest, name) { Ceiling = client.Level };
            }
            catch (HomelabException e)
            {
                unopened = e;
            }
        }

        return (caller, unopened);
    }
}
