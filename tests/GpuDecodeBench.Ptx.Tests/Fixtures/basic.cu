#define __global__ __attribute__((global))
#define __device__ __attribute__((device))
#define __shared__ __attribute__((shared))
#define TID __nvvm_read_ptx_sreg_tid_x()
#define BID __nvvm_read_ptx_sreg_ctaid_x()
#define BDIM __nvvm_read_ptx_sreg_ntid_x()
typedef unsigned u32;
struct uint4s {u32 x,y,z,w;};
extern "C" __global__ void axpy(float a,const float*x,float*y,int n){int i=BID*BDIM+TID; if(i<n) y[i]=a*x[i]+y[i];}
extern "C" __global__ __attribute__((launch_bounds(256))) void matvec(const unsigned char* w,const float* s,const _Float16*x,float*out,int k){
 __shared__ float part[8];
 int row=BID; float acc=0;
 for(int i=TID;i<k/16;i+=BDIM){ 
   u32 a,b,c,d; asm volatile("ld.global.nc.L1::no_allocate.L2::128B.v4.u32 {%0,%1,%2,%3}, [%4];":"=r"(a),"=r"(b),"=r"(c),"=r"(d):"l"(w+(long)row*k+i*16));
   u32 v[4]={a,b,c,d};
   for(int j=0;j<4;j++) for(int q=0;q<4;q++) acc+=(float)(signed char)(v[j]>>(8*q))*(float)x[i*16+j*4+q];
 }
 for(int o=16;o;o>>=1) acc+=__nvvm_shfl_sync_bfly_f32(0xffffffff,acc,o,31);
 if((TID&31)==0) part[TID>>5]=acc;
 __nvvm_bar_sync(0);
 if(TID==0){float t=0;for(int i=0;i<BDIM/32;i++)t+=part[i]; out[row]=t*s[row];}
}
__device__ int table[4]={1,2,3,4};
__attribute__((constant)) float ctab[3]={1.f,2.f,3.f};
extern "C" __global__ void loc(int*out,const int*in){int a[32]; for(int i=0;i<32;i++)a[in[i]&31]=i; out[TID]=a[in[TID]&31]+table[TID&3]+(int)ctab[in[0]]; switch(in[1]){case 0:out[1]=4;break;case 1:out[2]=7;break;case 2:out[9]=4;break;case 3:out[8]=8;break; case 4:out[4]=in[4];break;}}
