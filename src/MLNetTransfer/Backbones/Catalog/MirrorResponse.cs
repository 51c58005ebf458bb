using System.Globalization;
using System.Net;
using System.Net.Http.Headers;

namespace MLNetTransfer.Backbones.Catalog;

/// <summary>Asks a mirror, follows its redirects and puts what goes wrong on the way into words.</summary>
internal static class MirrorResponse
{
    /// <summary>The answer to one GET, its body unread.</summary>
    /// <param name="client">Follows no redirects itself.</param>
    /// <param name="mirror">The address.</param>
    /// <param name="from">The first byte wanted; 0 for the whole file.</param>
    /// <param name="ifRange">The version of which the rest is wanted, an ETag; empty for any.</param>
    /// <param name="options">Bounds of redirects.</param>
    /// <param name="cancellation">Stops the request.</param>
    /// <exception cref="MirrorFault">There is no answer, or one that no file comes with.</exception>
    public static async Task<HttpResponseMessage> AskAsync(HttpClient client, Uri mirror, long from, string ifRange, FetchOptions options, CancellationToken cancellation)
    {
        var address = mirror;
        for (var redirects = 0; ; redirects++)
        {
            var request = new HttpRequestMessage(HttpMethod.Get, address);
            request.Headers.UserAgent.Add(new ProductInfoHeaderValue("mlnettransfer", null));
            if (from > 0)
                request.Headers.Range = new RangeHeaderValue(from, null);
            if (from > 0 && ifRange.Length > 0)
                request.Headers.IfRange = new RangeConditionHeaderValue(EntityTagHeaderValue.Parse(ifRange));
            var response = await client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellation).ConfigureAwait(false);
            if (response.RequestMessage?.RequestUri is { } reached && reached != address)
                throw Refused(response, "was followed through redirects by the handler itself, which could lead from https to http");
            if (response.StatusCode is not (HttpStatusCode.MovedPermanently or HttpStatusCode.Found or HttpStatusCode.SeeOther
                or HttpStatusCode.TemporaryRedirect or HttpStatusCode.PermanentRedirect))
                return response;
            if (response.Headers.Location is not { } location)
                throw Refused(response, $"answered {Status(response)} without an address");
            if (redirects == options.MaxRedirects)
                throw Refused(response, string.Create(CultureInfo.InvariantCulture, $"redirected more than {options.MaxRedirects} times"));
            var next = new Uri(address, location);
            if (next.Scheme is not ("http" or "https"))
                throw Refused(response, $"redirected to '{next}', which is no web address");
            if (address.Scheme == Uri.UriSchemeHttps && next.Scheme == Uri.UriSchemeHttp)
                throw Refused(response, $"redirected from https to http ({next})");
            response.Dispose();
            address = next;
        }
    }

    /// <summary>The fault that a status other than success is.</summary>
    public static MirrorFault Fault(HttpResponseMessage response, TimeProvider time)
    {
        var canRetry = response.StatusCode is HttpStatusCode.RequestTimeout or HttpStatusCode.TooManyRequests or HttpStatusCode.InternalServerError
            or HttpStatusCode.BadGateway or HttpStatusCode.ServiceUnavailable or HttpStatusCode.GatewayTimeout;
        var after = response.Headers.RetryAfter?.Delta ?? response.Headers.RetryAfter?.Date - time.GetUtcNow();
        return new MirrorFault($"answered {Status(response)}", canRetry, after);
    }

    /// <summary>The fault that a failed request is. A host that cannot be reached now will not be in a second: the next mirror is.</summary>
    public static MirrorFault Fault(Exception fault) => fault is HttpRequestException { HttpRequestError: not (HttpRequestError.Unknown or HttpRequestError.ResponseEnded) }
        ? new MirrorFault($"could not be reached: {Sentence(fault)}", canRetry: false)
        : new MirrorFault($"broke the connection: {Sentence(fault)}", canRetry: true);

    private static string Sentence(Exception fault) => (fault.InnerException ?? fault).Message.TrimEnd('.', '"');

    private static string Status(HttpResponseMessage response) =>
        string.Create(CultureInfo.InvariantCulture, $"{(int)response.StatusCode} {response.ReasonPhrase}").TrimEnd();

    private static MirrorFault Refused(HttpResponseMessage response, string reason)
    {
        response.Dispose();
        return new MirrorFault(reason, canRetry: false);
    }
}
