package io.p2phost.kit.web;

import io.p2phost.contracts.problem.ProblemType;
import io.p2phost.kit.trace.Trace;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ReadListener;
import jakarta.servlet.ServletException;
import jakarta.servlet.ServletInputStream;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletRequestWrapper;
import jakarta.servlet.http.HttpServletResponse;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.springframework.http.HttpHeaders;
import org.springframework.web.filter.OncePerRequestFilter;
import tools.jackson.databind.json.JsonMapper;

/** Opens the trace of a request and bounds its body, whether its length is announced or not. */
final class RequestFilter extends OncePerRequestFilter {
    private final long maxBody;
    private final JsonMapper json;

    RequestFilter(HttpProperties properties, JsonMapper json) {
        this.maxBody = properties.maxBody().toBytes();
        this.json = json;
    }

    @Override
    protected void doFilterInternal(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
            throws ServletException, IOException {
        try (Trace.Scope trace = Trace.open(request.getHeader(Trace.HEADER))) {
            response.setHeader(Trace.HEADER, Trace.currentOrNew());
            if (request.getContentLengthLong() > maxBody) {
                // The rest of the body is not read: the connection ends with this answer.
                response.setHeader(HttpHeaders.CONNECTION, "close");
                response.setStatus(ProblemType.TOO_LARGE.status());
                response.setContentType(Problems.MEDIA_TYPE);
                response.getOutputStream()
                        .write(json.writeValueAsBytes(Problems.document(
                                ProblemType.TOO_LARGE,
                                String.valueOf(new BodyTooLargeException(maxBody).getMessage()),
                                Map.of())));
                // Before the container drops what still comes of the body: that may take as long as it reads.
                response.flushBuffer();
                return;
            }
            chain.doFilter(new Bounded(request, maxBody), response);
        }
    }

    private static final class Bounded extends HttpServletRequestWrapper {
        private final long limit;

        Bounded(HttpServletRequest request, long limit) {
            super(request);
            this.limit = limit;
        }

        @Override
        public ServletInputStream getInputStream() throws IOException {
            return new BoundedStream(super.getInputStream(), limit);
        }

        @Override
        public BufferedReader getReader() throws IOException {
            String encoding = getCharacterEncoding();
            return new BufferedReader(new InputStreamReader(
                    getInputStream(),
                    encoding == null ? StandardCharsets.UTF_8 : java.nio.charset.Charset.forName(encoding)));
        }
    }

    private static final class BoundedStream extends ServletInputStream {
        private final ServletInputStream in;
        private final long limit;
        private long read;

        BoundedStream(ServletInputStream in, long limit) {
            this.in = in;
            this.limit = limit;
        }

        @Override
        public int read() throws IOException {
            int b = in.read();
            count(b < 0 ? 0 : 1);
            return b;
        }

        @Override
        public int read(byte[] buffer, int offset, int length) throws IOException {
            int n = in.read(buffer, offset, length);
            count(Math.max(n, 0));
            return n;
        }

        private void count(int n) throws IOException {
            read += n;
            if (read > limit) {
                throw new BodyTooLargeException(limit);
            }
        }

        @Override
        public boolean isFinished() {
            return in.isFinished();
        }

        @Override
        public boolean isReady() {
            return in.isReady();
        }

        @Override
        public void setReadListener(ReadListener listener) {
            in.setReadListener(listener);
        }
    }
}
