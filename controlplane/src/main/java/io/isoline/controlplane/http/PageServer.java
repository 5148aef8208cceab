package io.isoline.controlplane.http;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.buffer.UnpooledByteBufAllocator;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.channel.nio.NioEventLoopGroup;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpObject;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpServerCodec;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.util.concurrent.DefaultThreadFactory;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Answers GET and HEAD with pages, one for each connection.
 *
 * <p>Slow clients hold up nobody. A client that has not sent its request, or not taken the answer,
 * after ten seconds is cut off, even if it sends all the time. There are {@value #MAX_CONNECTIONS}
 * connections at most, and an idle one makes room for a new one ({@link Crowd}). Each answer ends
 * its connection, which spares the rules for connections that are kept; a client that goes on
 * asking is cut off.
 *
 * <p>One thread reads and writes, and never waits. Pages are made by virtual threads, one for each
 * request.
 */
public final class PageServer implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(PageServer.class);

  private static final int MAX_CONNECTIONS = 500;
  private static final int PATIENCE_SECONDS = 10;

  /**
   * How many connections may wait to be accepted: more than come at the same moment, as the kernel
   * refuses what does not fit.
   */
  private static final int BACKLOG = 1024;

  private static final int MAX_LINE_BYTES = 4096;
  private static final int MAX_HEADER_BYTES = 16 << 10;
  private static final int CHUNK_BYTES = 4096;

  /** Parts of a message, or messages, that a connection may send after its one request. */
  private static final int MAX_IGNORED = 100;

  private static final Set<String> METHODS = Set.of("GET", "HEAD");

  /** Makes pages; called by many threads. */
  @FunctionalInterface
  public interface Pages {

    /**
     * The answer to a question, which may take its time.
     *
     * @throws InterruptedException when the server stops meanwhile
     */
    Page page(Question question) throws InterruptedException;
  }

  private final Pages pages;
  private final EventLoopGroup loop;
  private final ExecutorService threads;

  /** Owned by the one thread of {@link #loop}. */
  private final Crowd<InetAddress, Channel> crowd = new Crowd<>(MAX_CONNECTIONS);

  private @Nullable Channel listening;
  @GuardedBy("this")
  private int unanswered;

  private PageServer(String name, Pages pages) {
    this.pages = pages;
    loop = new NioEventLoopGroup(1, new DefaultThreadFactory(name, true));
    threads = Executors.newThreadPerTaskExecutor(Thread.ofVirtual().name(name + "-", 1).factory());
  }

  /**
   * Starts to listen.
   *
   * @param name of the threads
   * @param address port 0 for any free one
   * @throws IOException when the address cannot be listened on
   */
  public static PageServer start(String name, InetSocketAddress address, Pages pages)
      throws IOException {
    PageServer server = new PageServer(name, pages);
    ChannelFuture bound =
        new ServerBootstrap()
            .group(server.loop)
            .channel(NioServerSocketChannel.class)
            .option(ChannelOption.SO_BACKLOG, BACKLOG)
            .option(ChannelOption.SO_REUSEADDR, true)
            .childOption(ChannelOption.TCP_NODELAY, true)
            // Pools are for much traffic, and cost memory for good.
            .childOption(ChannelOption.ALLOCATOR, UnpooledByteBufAllocator.DEFAULT)
            .childHandler(
                new ChannelInitializer<>() {
                  @Override
                  protected void initChannel(Channel channel) {
                    server.welcome(channel);
                  }
                })
            .bind(address)
            .awaitUninterruptibly();
    if (!bound.isSuccess()) {
      server.end();
      throw bound.cause() instanceof IOException refused ? refused : new IOException(bound.cause());
    }
    server.listening = bound.channel();
    return server;
  }

  /** Returns the address that the server listens on. */
  public InetSocketAddress address() {
    return (InetSocketAddress) Objects.requireNonNull(listening).localAddress();
  }

  /** Stops listening at once; ends when the answers under way have arrived, or the time is over. */
  public void close(Duration grace) {
    Objects.requireNonNull(listening).close().awaitUninterruptibly();
    long end = System.nanoTime() + grace.toNanos();
    synchronized (this) {
      try {
        for (long left = grace.toNanos();
            unanswered > 0 && left > 0;
            left = end - System.nanoTime()) {
          TimeUnit.NANOSECONDS.timedWait(this, left);
        }
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }
    end();
  }

  @Override
  public void close() {
    close(Duration.ofSeconds(1));
  }

  private void end() {
    threads.shutdownNow();
    loop.shutdownGracefully(0, 1, TimeUnit.SECONDS).awaitUninterruptibly();
  }

  private synchronized void count(int more) {
    unanswered += more;
    notifyAll();
  }

  private void welcome(Channel channel) {
    InetAddress from = ((InetSocketAddress) channel.remoteAddress()).getAddress();
    Channel leaver = crowd.enter(from, channel);
    channel.closeFuture().addListener(closed -> crowd.leave(from, channel));
    if (leaver != null) {
      var _ = leaver.close();
    }
    channel
        .pipeline()
        .addLast(new HttpServerCodec(MAX_LINE_BYTES, MAX_HEADER_BYTES, CHUNK_BYTES))
        .addLast(new Conversation(channel, from));
  }

  private Page page(HttpRequest request) {
    if (!METHODS.contains(request.method().name())) {
      return Page.text(405, "only GET and HEAD: nothing here can be changed");
    }
    String path;
    try {
      path = Objects.requireNonNullElse(new URI(request.uri()).getPath(), "");
    } catch (URISyntaxException e) {
      return Page.text(400, "not a path");
    }
    try {
      return pages.page(
          new Question(
              request.method().name(), path, request.headers().get(HttpHeaderNames.ACCEPT, "")));
    } catch (InterruptedException e) {
      return Page.text(503, "the program is stopping");
    } catch (RuntimeException e) {
      LOG.error("{} cannot be answered", path, e);
      return Page.text(500, "a defect in Isoline; see its log");
    }
  }

  /** One connection. Runs in the thread of the loop. */
  private final class Conversation extends SimpleChannelInboundHandler<HttpObject> {

    private final Channel channel;
    private final InetAddress from;
    private @Nullable HttpRequest head;
    private boolean asked;
    private int ignored;
    private Future<?> next;

    Conversation(Channel channel, InetAddress from) {
      this.channel = channel;
      this.from = from;
      next = cutOffLater();
    }

    private Future<?> cutOffLater() {
      Runnable close =
          () -> {
            var _ = channel.close();
          };
      return channel.eventLoop().schedule(close, PATIENCE_SECONDS, TimeUnit.SECONDS);
    }

    @Override
    protected void channelRead0(ChannelHandlerContext context, HttpObject message) {
      if (asked) {
        ignored++;
        if (ignored == MAX_IGNORED) {
          // To read it all would be work for nothing, at the cost of the others.
          var _ = channel.close();
        }
        return;
      }
      if (message instanceof HttpRequest request) {
        head = request;
      }
      HttpRequest request = head;
      if (request == null || message.decoderResult().isFailure()) {
        ask(() -> Page.text(400, "not a request of HTTP"));
      } else if (message instanceof LastHttpContent || HttpUtil.is100ContinueExpected(request)) {
        ask(() -> page(request));
      }
    }

    private void ask(Supplier<Page> page) {
      asked = true;
      crowd.asks(from, channel);
      next.cancel(false);
      count(1);
      next =
          threads.submit(
              () -> {
                Page made = page.get();
                channel.eventLoop().execute(() -> answer(made));
              });
    }

    private void answer(Page page) {
      ByteBuf body = Unpooled.copiedBuffer(page.body(), StandardCharsets.UTF_8);
      var response =
          new DefaultFullHttpResponse(
              HttpVersion.HTTP_1_1, HttpResponseStatus.valueOf(page.status()), body);
      response
          .headers()
          .set(HttpHeaderNames.CONTENT_TYPE, page.contentType())
          .set(HttpHeaderNames.CONTENT_LENGTH, body.readableBytes())
          .set(HttpHeaderNames.CACHE_CONTROL, HttpHeaderValues.NO_STORE)
          .set(HttpHeaderNames.ALLOW, "GET, HEAD")
          .set(HttpHeaderNames.CONNECTION, HttpHeaderValues.CLOSE);
      next = cutOffLater();
      channel.writeAndFlush(response).addListener(ChannelFutureListener.CLOSE);
    }

    /** Ends the work for a client that has left. */
    @Override
    public void channelInactive(ChannelHandlerContext context) {
      next.cancel(true);
      if (asked) {
        count(-1);
      }
      context.fireChannelInactive();
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
      LOG.debug("a connection from {} ends", from, cause);
      var _ = context.close();
    }
  }
}
